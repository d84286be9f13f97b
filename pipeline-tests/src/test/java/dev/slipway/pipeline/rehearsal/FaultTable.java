package dev.slipway.pipeline.rehearsal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of {@code docs/faults.md}: which faults were made, and what a run saw of each. */
final class FaultTable {

  private static final String HEAD =
      """
      # Faults

      What was done to a deployment on a real server (sshd, Docker Engine, registry, git) while people read and wrote through
      the platform, and what came of it. The suite `FaultsIT` writes this table from what it sees
      (`bin/verify nightly -Dit.test=FaultsIT -Dfaults.write=true`), and each night holds what it sees to the table.

      - **exit code**: of the run that met the fault; 137 is `kill -9`. [exit-codes.md](exit-codes.md) tells the others.
      - **serves then**: the version from before (old), the one that is deployed (new), or nobody, from the fault until the next run.
      - **requests lost**: from the begin of the run to the end of the next one. Where the fault itself takes the platform
        away, none is lost before it and none after.
      - **rows**: of what was written before, during and after; every write that was answered well is counted again.
      - **lock**: free after the run, or taken over by the next one 90 s after the last sign of life.
      - **the next run**: the steps of `slipway deploy`, which ended with 0 and needed no hands (*the gate* is the health gate, *the edge* the
        reverse proxy); images that it removed at the
        end are left out. After it there is one container for each service, under compose's own name, the checkout, `.env` and the
        schema are the release's, and nothing is left of rules, marks, logins, backups' parts and database sessions.

      | what happens | when | exit code | serves then | requests lost | rows | lock | the next run |
      |---|---|---|---|---|---|---|---|
      """;

  private FaultTable() {}

  /**
   * What came of a fault.
   *
   * @param exitCode of the run that it met
   * @param serves {@code old}, {@code new}, both or {@code nobody}, before the next run
   * @param lost when requests were lost, if any were
   * @param rows how many of the rows are there
   * @param lock {@code free} or, by the next run, {@code taken over}
   * @param next the steps of the next run
   */
  record Seen(int exitCode, String serves, String lost, String rows, String lock, String next) {}

  /** One row. */
  static String row(String fault, String moment, Seen seen) {
    return "| %s | %s | %d | %s | %s | %s | %s | %s |"
        .formatted(
            fault,
            moment,
            seen.exitCode(),
            seen.serves(),
            seen.lost(),
            seen.rows(),
            seen.lock(),
            seen.next());
  }

  /** The whole page. */
  static String page(List<String> rows) {
    return HEAD + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
  }

  /** The rows of a page, by fault and moment, in their order. */
  static Map<String, String> rows(String page) {
    Map<String, String> rows = new LinkedHashMap<>();
    page.lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| what happens |"))
        .forEach(line -> rows.put(key(line), line));
    return rows;
  }

  /** What a fault's row is found by. */
  static String key(Fault fault) {
    return fault.name() + ", " + fault.moment();
  }

  /** The first two columns of a row. */
  static String key(String row) {
    return Arrays.stream(row.split("\\|", -1))
        .skip(1)
        .limit(2)
        .map(String::strip)
        .collect(Collectors.joining(", "));
  }

  /**
   * The steps that a run of {@code slipway deploy} took, from what it printed. Whether an image
   * must still be pulled is a matter of how far the engine came by itself after its client had
   * gone.
   */
  static String steps(String text) {
    List<String> steps = new ArrayList<>();
    text.lines()
        .filter(line -> line.matches("\\[\\d+/\\d+] (?!done in ).*"))
        .map(line -> line.replaceFirst("^\\S+ ", ""))
        .filter(step -> !step.startsWith("remove "))
        .map(FaultTable::brief)
        .filter(step -> steps.isEmpty() || !step.equals(steps.get(steps.size() - 1)))
        .forEach(steps::add);
    return steps.isEmpty() ? "nothing to do" : String.join(", ", steps);
  }

  private static String brief(String step) {
    String word = step.replaceFirst(" .*", "");
    return switch (word) {
      case "tidy" -> "tidies up";
      case "fetch" -> "fetches";
      case "pull", "send", "tag" -> "brings the images";
      case "migrate", "start", "update" -> word + "s";
      case "check" -> "checks out";
      case "back" -> "backs up";
      case "swap" -> "swaps";
      case "let" -> "lets the old go";
      case "replace" -> "replaces the edge";
      case "wait" -> "asks the gate";
      case "record" -> "records";
      case "move" -> "moves `latest`";
      default -> throw new IllegalArgumentException("no word for the step: " + step);
    };
  }
}
