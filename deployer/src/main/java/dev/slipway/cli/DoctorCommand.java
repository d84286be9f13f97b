package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.doctor.Preflight;
import dev.slipway.effect.docker.DockerEngine;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

  private static final int MARGIN = 16;

  @ParentCommand private SlipwayCli cli;

  @Override
  public Integer call() {
    List<Preflight.Line> lines = new ArrayList<>(List.of(engine()));
    List<Preflight.Line> missing = missing();
    lines.addAll(missing);
    try (Project project = cli.project()) {
      project.environment().halfALogin().map(DoctorCommand::registry).ifPresent(lines::add);
      boolean named = platform(project, lines);
      Optional<URI> health = health(project, lines);
      if (missing.isEmpty()) {
        lookAtTheServer(project, named, health, lines);
      }
    } catch (SlipwayException unfit) {
      lines.add(bad("platform", unfit));
    }
    show(lines);
    boolean well = lines.stream().allMatch(line -> line.fix().isEmpty());
    return (well ? ExitCode.SUCCESS : ExitCode.REFUSED).status();
  }

  /** Whether the images have names; the server can be looked at without. */
  private static boolean platform(Project project, List<Preflight.Line> lines) {
    try {
      project.imageNames();
      lines.add(new Preflight.Line("platform", project.described(), Optional.empty()));
      return true;
    } catch (SlipwayException unnamed) {
      lines.add(bad("platform", unnamed));
      return false;
    }
  }

  private static Optional<URI> health(Project project, List<Preflight.Line> lines) {
    try {
      return project.environment().healthUrl();
    } catch (SlipwayException unreadable) {
      lines.add(bad("health", unreadable));
      return Optional.empty();
    }
  }

  private static Preflight.Line registry(Environment.HalfALogin half) {
    return new Preflight.Line(
        "registry",
        half.missing() + " is not set, but " + half.given() + " is",
        Optional.of(Environment.settingIt("the other half of the registry's login")));
  }

  private void lookAtTheServer(
      Project project, boolean named, Optional<URI> health, List<Preflight.Line> lines) {
    try (Session session = cli.session(project)) {
      session.learnSecretsThatThereAre();
      lines.add(new Preflight.Line("ssh", session.server().name(), Optional.empty()));
      lines.addAll(
          named
              ? session.preflight().lines(session.environmentFile(), session.requiredVariables())
              : session.preflightWithoutRegistry().lines(session.environmentFile(), Set.of()));
      lines.addAll(session.doctor(health).lines());
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
      text(line).lines().forEach(cli.log()::note);
    }
  }

  /** What was found, and below it the fix; all that is not the first line begins at one margin. */
  static String text(Preflight.Line line) {
    String first = String.format("%-4s %-10s ", line.fix().isEmpty() ? "ok" : "BAD", line.name());
    String rest = "\n" + " ".repeat(MARGIN);
    String all = line.found() + line.fix().map(fix -> "\n" + fix).orElse("");
    return first + all.lines().collect(Collectors.joining(rest));
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
