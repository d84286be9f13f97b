package dev.slipway.deploy.doctor;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.DockerAccess;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.deploy.images.RegistryReach;
import dev.slipway.deploy.server.FreeSpace;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.ssh.SshConnection;
import dev.slipway.platform.Transfer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Everything a deployment needs of a server, checked before anything is changed. */
public final class Preflight {

  static final String COMPOSE_PACKAGES =
      "`apt-get install docker-compose-plugin` from Docker's own packages, on Alpine `apk add docker-cli-compose`.";

  /** What to do about a server without compose. */
  public static final String INSTALL_COMPOSE =
      "Install the compose plugin on the server: " + COMPOSE_PACKAGES;

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long MIB = 1024 * 1024;
  private static final long LEAST_FREE = 2048 * MIB;
  private static final Duration MOST_CLOCK_SKEW = Duration.ofMinutes(5);

  private final Shell shell;
  private final HostCommands commands;
  private final Optional<RegistryLogin> login;
  private final Clock clock;
  private final ComposeCheck compose;
  private final CheckoutCheck checkout;
  private final Transfer transfer;
  private final BooleanSupplier reachable;

  /**
   * The checks for images that come by this way.
   *
   * @param reachable whether the server's SSH server lets its ports be reached from here, through
   *     which a deployment asks what it has started
   */
  public Preflight(
      Shell shell,
      HostCommands commands,
      Optional<RegistryLogin> login,
      Clock clock,
      Transfer transfer,
      BooleanSupplier reachable) {
    this.reachable = reachable;
    this.transfer = transfer;
    this.shell = shell;
    this.commands = commands;
    this.login = login;
    this.clock = clock;
    this.compose = new ComposeCheck(shell);
    this.checkout = new CheckoutCheck(shell, commands);
  }

  /**
   * One check's result.
   *
   * @param name what was looked at
   * @param found what was found
   * @param fix what to do; absent when all is well
   */
  public record Line(String name, String found, Optional<String> fix) {

    static Line good(String name, String found) {
      return new Line(name, found, Optional.empty());
    }

    static Line bad(String name, String found, String fix) {
      return new Line(name, found, Optional.of(fix));
    }
  }

  /** Runs every check, whatever the others say. */
  public List<Line> lines(String environmentFile, Set<String> requiredVariables) {
    List<Supplier<List<Line>>> checks = new ArrayList<>(ofTheMachine());
    checks.add(() -> checkout.lines(environmentFile, requiredVariables));
    return run(checks);
  }

  /** What is needed of the machine itself, before there is a checkout on it. */
  public List<Line> machine() {
    return run(ofTheMachine());
  }

  private List<Supplier<List<Line>>> ofTheMachine() {
    return List.of(
        () -> List.of(git()),
        this::dockerAndRegistry,
        () -> List.of(compose.line()),
        () -> List.of(disk()),
        () -> List.of(clockLine()),
        () -> List.of(forwarding()));
  }

  private static List<Line> run(List<Supplier<List<Line>>> checks) {
    try (Inquiry inquiry = new Inquiry()) {
      List<Supplier<List<Line>>> answers = checks.stream().map(inquiry::ask).toList();
      return answers.stream().flatMap(answer -> answer.get().stream()).toList();
    }
  }

  /** Refuses a server that fails a check, with every fix at once. */
  public void require(String environmentFile, Set<String> requiredVariables) {
    require(lines(environmentFile, requiredVariables));
  }

  /**
   * Refuses a server of which one of these lines has a fix, with every fix at once.
   *
   * @throws SlipwayException with {@link dev.slipway.ExitCode#REFUSED}
   */
  public static void require(List<Line> lines) {
    List<Line> bad = lines.stream().filter(line -> line.fix().isPresent()).toList();
    if (!bad.isEmpty()) {
      throw SlipwayException.refused(
          "The server is not ready: "
              + String.join(
                  "; ", bad.stream().map(line -> line.name() + ": " + line.found()).toList())
              + ".",
          String.join(" ", bad.stream().flatMap(line -> line.fix().stream()).toList()));
    }
  }

  /** Which generation of compose the server has, the plugin first. */
  public Optional<ComposeTool> composeTool() {
    return compose.tool();
  }

  private Line git() {
    CommandResult result = shell.run(commands.gitVersion(), DEADLINE);
    return result.succeeded()
        ? Line.good("git", result.standardOutput().strip())
        : Line.bad(
            "git",
            "not found",
            "Install git on the server: `apt-get install git` or `apk add git`.");
  }

  private List<Line> dockerAndRegistry() {
    Line docker = docker();
    return docker.fix().isEmpty() && login.isPresent()
        ? List.of(docker, registry(login.get()))
        : List.of(docker);
  }

  private Line docker() {
    CommandResult result = shell.run(commands.dockerVersion(), DEADLINE);
    if (result.succeeded()) {
      DockerAccess access = DockerAccess.of(shell.run(commands.dockerAccess(), DEADLINE));
      String version = result.standardOutput().strip();
      return Line.good(
          "docker", "Engine " + version + (access == DockerAccess.SUDO ? ", by sudo" : ""));
    }
    if (result.exitStatus() == 127) {
      return Line.bad(
          "docker",
          "not found",
          "Install Docker Engine on the server: https://docs.docker.com/engine/install/ says how.");
    }
    String said = result.tail(1);
    return said.contains("permission denied")
        ? Line.bad(
            "docker",
            "permission denied",
            "Add the deploying user to the group docker: `usermod -aG docker USER`, on Alpine"
                + " `addgroup USER docker`; or let it run docker by sudo as docs/ssh.md says.")
        : Line.bad(
            "docker",
            said,
            "Start the engine on the server: `systemctl start docker` or `rc-service docker start`.");
  }

  private Line registry(RegistryLogin known) {
    CommandResult result =
        shell.run(
            commands.images().checkLogin(known.registry(), known.user(), known.password()),
            DEADLINE);
    if (result.succeeded()) {
      return Line.good("registry", known.name() + " knows " + known.user());
    }
    Optional<String> notReached = RegistryReach.obstacle(result);
    if (notReached.isPresent() && transfer == Transfer.AUTO) {
      return Line.good(
          "registry",
          known.name() + " is not reached, so images go through SSH: " + notReached.get());
    }
    return Line.bad(
        "registry",
        known.name() + " does not let " + known.user() + " in: " + result.tail(1),
        notReached.isPresent()
            ? "Let the server reach the registry, or send images through SSH: `--transfer ssh`."
            : "Token expired? Renew "
                + known.variable()
                + ", and check that it is REGISTRY_USER's.");
  }

  private Line disk() {
    OptionalLong free = FreeSpace.bytes(shell.run(commands.freeSpace(), DEADLINE));
    if (free.isEmpty()) {
      return Line.bad("disk", "free space unknown", "Run `df -Pk` on the server by hand.");
    }
    String text = free.getAsLong() / MIB + " MiB free";
    return free.getAsLong() >= LEAST_FREE
        ? Line.good("disk", text)
        : Line.bad(
            "disk",
            text,
            "Make room, at least "
                + LEAST_FREE / MIB
                + " MiB: `docker image prune` removes images that nothing uses.");
  }

  private Line clockLine() {
    CommandResult result = shell.run(commands.clock(), DEADLINE);
    String text = result.standardOutput().strip();
    if (!result.succeeded() || !text.matches("\\d+")) {
      return Line.bad("clock", "unreadable", "Run `date +%s` on the server by hand.");
    }
    long skew = Math.abs(Long.parseLong(text) - clock.instant().getEpochSecond());
    return skew <= MOST_CLOCK_SKEW.toSeconds()
        ? Line.good("clock", skew + " s apart")
        : Line.bad(
            "clock",
            skew + " s apart",
            "Set the server's clock: registry tokens and certificates depend on it.");
  }

  private Line forwarding() {
    return reachable.getAsBoolean()
        ? Line.good("forwarding", "the server's ports are reached through SSH")
        : Line.bad(
            "forwarding",
            "its SSH server forbids it (administratively prohibited)",
            SshConnection.FORWARDING_ADVICE);
  }
}
