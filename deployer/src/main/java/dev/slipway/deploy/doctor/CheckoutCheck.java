package dev.slipway.deploy.doctor;

import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.deploy.doctor.Preflight.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a deployment needs of the checkout on the server, and of the {@code .env} in it. */
public final class CheckoutCheck {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Shell shell;
  private final HostCommands commands;

  CheckoutCheck(Shell shell, HostCommands commands) {
    this.shell = shell;
    this.commands = commands;
  }

  /** What lies in the checkout is not looked for where there is none. */
  List<Line> lines(String environmentFile, Set<String> requiredVariables) {
    CommandResult head = shell.run(commands.git().head(), DEADLINE);
    if (head.standardError().contains("safe.directory")) {
      return List.of(
          Line.bad(
              "checkout",
              "git does not trust " + commands.checkout() + ", which another user owns",
              trust(commands.checkout())));
    }
    if (!head.succeeded()) {
      return List.of(
          Line.bad(
              "checkout",
              commands.checkout() + " is not a git checkout with a commit",
              "`slipway bootstrap` makes it."));
    }
    List<Line> lines = new ArrayList<>(List.of(edits(head), rights(environmentFile)));
    if (!requiredVariables.isEmpty()) {
      lines.add(variables(environmentFile, requiredVariables));
    }
    return lines;
  }

  /** What to do about a checkout of another user. */
  public static String trust(String checkout) {
    return "As root on the server, give it to the deploying user: `chown -R USER "
        + checkout
        + "`; where others work in it too, see `git config --global --add safe.directory "
        + checkout
        + "`, and give that user the right to write there.";
  }

  private Line edits(CommandResult head) {
    List<String> edits =
        shell.run(commands.git().localEdits(), DEADLINE).standardOutput().lines().toList();
    return edits.isEmpty()
        ? Line.good("checkout", "at " + head.standardOutput().strip())
        : Line.bad(
            "checkout",
            "local edits in " + String.join(", ", edits.stream().map(String::strip).toList()),
            "They are left as they are: commit them upstream, or keep them with `git stash`, then deploy again.");
  }

  private Line rights(String environmentFile) {
    List<String> closed =
        shell
            .run(commands.git().notWritable(environmentFile), DEADLINE)
            .standardOutput()
            .lines()
            .toList();
    return closed.isEmpty()
        ? Line.good("rights", "what a deployment changes can be written")
        : Line.bad(
            "rights",
            "the user may not write " + String.join(", ", closed) + " in " + commands.checkout(),
            "Give them to that user, as root on the server: `chown -R USER %s`. %s"
                .formatted(
                    commands.checkout(),
                    "A .env that lies elsewhere is replaced there, so its folder counts too."));
  }

  private Line variables(String environmentFile, Set<String> required) {
    CommandResult result = shell.run(commands.variables().variableNames(environmentFile), DEADLINE);
    Set<String> missing = new TreeSet<>(required);
    result.standardOutput().lines().map(String::strip).forEach(missing::remove);
    return missing.isEmpty()
        ? Line.good("variables", environmentFile + " has what the compose file requires")
        : Line.bad(
            "variables",
            environmentFile + " lacks " + String.join(", ", missing),
            "Add these keys to " + environmentFile + " on the server.");
  }
}
