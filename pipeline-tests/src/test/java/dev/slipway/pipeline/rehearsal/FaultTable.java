package dev.slipway.pipeline.rehearsal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of {@code docs/faults.md}: which faults were made, and what a run saw of each. */
final class FaultTable {

  private static final String HEAD =
      """
      # Faults

      What `FaultsIT` does to a deployment on a real server, with readers and writers on the platform all the while, and what
      it saw. Written by the suite itself: `bin/verify nightly -Dit.test=FaultsIT -Dfaults.write=true`; without that it holds
      this page to what it sees. After each fault the platform answers well; every row whose writing was answered is there;
      the next `slipway deploy` ends with 0, for which a lock that was left counts as 90 s old; then there is one container
      for each service, no rule, no note of a swap, and nothing of the registry's login.

      | fault | moment | exit code | serves then | requests lost | lock | the next run |
      |---|---|---|---|---|---|---|
      """;

  private FaultTable() {}

  /**
   * What came of a fault.
   *
   * @param exitCode of the run that it met
   * @param serves {@code old} or {@code new}, before the next run
   * @param lost {@code none}, or {@code may be} where the fault itself takes the platform away
   * @param lock {@code given back} or, by the next run, {@code taken over}
   * @param next the steps of the next run
   */
  record Seen(int exitCode, String serves, String lost, String lock, String next) {}

  /** One row. */
  static String row(String fault, String moment, Seen seen) {
    return "| %s | %s | %d | %s | %s | %s | %s |"
        .formatted(
            fault, moment, seen.exitCode(), seen.serves(), seen.lost(), seen.lock(), seen.next());
  }

  /** The whole page. */
  static String page(List<String> rows) {
    return HEAD + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
  }

  /** The rows of a page, by fault and moment. */
  static Map<String, String> rows(String page) {
    Map<String, String> rows = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| fault |"))
        .forEach(line -> rows.put(key(line), line));
    return rows;
  }

  /** The first two columns of a row. */
  static String key(String row) {
    return Arrays.stream(row.split("\\|", -1))
        .skip(1)
        .limit(2)
        .map(String::strip)
        .collect(Collectors.joining(", "));
  }

  /** The steps that a run of {@code slipway deploy} took, from what it printed. */
  static String steps(String text) {
    String steps =
        text.lines()
            .filter(line -> line.matches("\\[\\d+/\\d+] (?!done in ).*"))
            .map(line -> line.replaceFirst("^\\S+ ", ""))
            .map(FaultTable::brief)
            .collect(Collectors.joining(", "));
    return steps.isEmpty() ? "nothing to do" : steps;
  }

  private static String brief(String step) {
    String word = step.replaceFirst(" .*", "");
    return switch (word) {
      case "tidy" -> "tidies up";
      case "fetch" -> "fetches";
      case "pull", "tag", "migrate", "start", "update" -> word + "s";
      case "check" -> "checks out";
      case "swap" -> "swaps";
      case "replace" -> "replaces the edge";
      case "wait" -> "asks the gate";
      case "record" -> "records";
      case "move" -> "moves `latest`";
      default -> throw new IllegalArgumentException("no word for the step: " + step);
    };
  }
}
