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
    List<Preflight.Line> lines = new ArrayList<>(List.of(engine()));
    List<Preflight.Line> missing = missing();
    lines.addAll(missing);
    try (Project project = cli.project()) {
      project.imageNames();
      lines.add(new Preflight.Line("platform", project.described(), Optional.empty()));
      if (missing.isEmpty()) {
        lookAtTheServer(project, lines);
      }
    } catch (SlipwayException unfit) {
      lines.add(bad("platform", unfit));
    }
    show(lines);
    boolean well = lines.stream().allMatch(line -> line.fix().isEmpty());
    return (well ? ExitCode.SUCCESS : ExitCode.REFUSED).status();
  }

  private void lookAtTheServer(Project project, List<Preflight.Line> lines) {
    try (Session session = cli.session(project)) {
      session.learnSecretsThatThereAre();
      lines.add(new Preflight.Line("ssh", session.server().name(), Optional.empty()));
      lines.addAll(
          session.preflight().lines(session.environmentFile(), session.requiredVariables()));
      lines.addAll(session.doctor().lines());
    } catch (SlipwayException unfit) {
      boolean connected = lines.stream().anyMatch(line -> line.name().equals("ssh"));
      lines.add(bad(connected ? "server" : "ssh", unfit));
    }
  }

  private void show(List<Preflight.Line> lines) {
    if (cli.json()) {
      cli.out().println(Json.line(lines));
      return;
    }
    for (Preflight.Line line : lines) {
      cli.log()
          .note(
              String.format(
                  "%-4s %-10s %s", line.fix().isEmpty() ? "ok" : "BAD", line.name(), line.found()));
      line.fix().ifPresent(fix -> cli.log().note("                " + fix));
    }
  }

  /** What the way to the server lacks. */
  private List<Preflight.Line> missing() {
    try {
      return cli.sshSettings().missing().entrySet().stream()
          .map(
              variable ->
                  new Preflight.Line(
                      "ssh",
                      variable.getKey() + " is not set",
                      Optional.of(Environment.settingIt(variable.getValue()))))
          .toList();
    } catch (SlipwayException garbled) {
      return List.of(bad("ssh", garbled));
    }
  }

  private static Preflight.Line bad(String name, SlipwayException obstacle) {
    return new Preflight.Line(name, obstacle.what(), Optional.of(obstacle.advice()));
  }

  /** The connection is made meanwhile. */
  private static Preflight.Line engine() {
    try (DockerEngine engine = DockerEngine.connect()) {
      String found = "Engine " + engine.version() + " on this machine";
      return new Preflight.Line("engine", found, Optional.empty());
    } catch (SlipwayException none) {
      return bad("engine", none);
    }
  }
}
