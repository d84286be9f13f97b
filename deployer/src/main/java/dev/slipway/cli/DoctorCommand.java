package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.deploy.doctor.Preflight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Checks everything that a deployment needs. */
@Command(
    name = "doctor",
    description = "Check everything that a deployment needs of the server, each line with its fix.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway doctor",
      "  slipway doctor --json | jq '.[] | select(.fix != null)'"
    })
@SuppressWarnings("NullAway.Init")
final class DoctorCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Override
  public Integer call() {
    try (Session session = cli.session()) {
      session.learnSecretsThatThereAre();
      List<Preflight.Line> lines = new ArrayList<>();
      lines.add(new Preflight.Line("ssh", session.server().name(), Optional.empty()));
      lines.addAll(
          session.preflight().lines(session.environmentFile(), session.requiredVariables()));
      lines.addAll(session.doctor().lines());
      if (cli.json()) {
        cli.out().println(Json.line(lines));
      } else {
        for (Preflight.Line line : lines) {
          cli.log()
              .note(
                  String.format(
                      "%-4s %-10s %s",
                      line.fix().isEmpty() ? "ok" : "BAD", line.name(), line.found()));
          line.fix().ifPresent(fix -> cli.log().note("                " + fix));
        }
      }
      boolean well = lines.stream().allMatch(line -> line.fix().isEmpty());
      return (well ? ExitCode.SUCCESS : ExitCode.REFUSED).status();
    }
  }
}
