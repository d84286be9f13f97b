package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.doctor.Preflight;
import dev.slipway.effect.docker.DockerEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Checks everything that a deployment needs. */
@Command(
    name = "doctor",
    description =
        "Check everything that a deployment needs, here and on the server, each line with its fix.",
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
    Preflight.Line engine = engine();
    try (Session session = cli.session()) {
      session.learnSecretsThatThereAre();
      List<Preflight.Line> lines = new ArrayList<>(List.of(engine));
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

  /** The connection is made meanwhile. */
  private static Preflight.Line engine() {
    try (DockerEngine engine = DockerEngine.connect()) {
      String found = "Engine " + engine.version() + " on this machine";
      return new Preflight.Line("engine", found, Optional.empty());
    } catch (SlipwayException none) {
      return new Preflight.Line("engine", none.what(), Optional.of(none.advice()));
    }
  }
}
