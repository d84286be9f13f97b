package dev.slipway.deploy.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a server lacks before its first deployment.
 *
 * @param checkout the folder that the checkout goes to
 * @param origin where it is cloned from; absent when it is there
 * @param state whether the folder of lock and ledger is to be made
 * @param environmentFile the server's {@code .env}
 * @param missing the keys that the compose file needs and the {@code .env} does not have
 */
public record BootstrapPlan(
    String checkout,
    Optional<String> origin,
    boolean state,
    String environmentFile,
    Set<String> missing) {

  /** Copies. */
  public BootstrapPlan {
    missing = new TreeSet<>(missing);
  }

  /**
   * One step, for people and for programs.
   *
   * @param what what is done
   * @param cause why
   */
  public record Line(String what, String cause) {}

  /** Whether the server has everything. */
  public boolean nothingToDo() {
    return lines().isEmpty();
  }

  /** The steps in their order. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    origin.ifPresent(
        from -> lines.add(new Line("clone " + from + " to " + checkout, "there is no checkout")));
    if (state) {
      lines.add(
          new Line(
              "make " + checkout + "/.slipway for lock and ledger", "there is no such folder"));
    }
    if (!missing.isEmpty()) {
      lines.add(
          new Line(
              "write " + String.join(", ", missing) + " to " + environmentFile + ", mode 0600",
              "the compose file needs them"));
    }
    return lines;
  }

  @Override
  public String toString() {
    if (nothingToDo()) {
      return "Nothing to do: the server is ready for `slipway deploy`.\n";
    }
    StringBuilder text = new StringBuilder("Plan to prepare the server:\n");
    int number = 0;
    for (Line line : lines()) {
      number++;
      text.append(String.format("%3d. %s (%s)%n", number, line.what(), line.cause()));
    }
    return text.toString();
  }
}
