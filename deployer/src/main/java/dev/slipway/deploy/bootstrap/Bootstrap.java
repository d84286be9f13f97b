package dev.slipway.deploy.bootstrap;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.doctor.CheckoutCheck;
import dev.slipway.deploy.doctor.Preflight;
import dev.slipway.deploy.environment.Credentials;
import dev.slipway.deploy.log.DeployLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prepares a bare server for its first deployment: checkout, state folder and {@code .env}. */
public final class Bootstrap {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration CLONE = Duration.ofMinutes(10);

  private final Shell shell;
  private final HostCommands commands;
  private final Preflight preflight;
  private final String origin;
  private final String environmentFile;
  private final Set<String> required;
  private final DeployLog log;

  /**
   * The preparation of one server.
   *
   * @param origin what the checkout is cloned from, as the server reaches it
   * @param required the keys that the server's {@code .env} must have
   */
  public Bootstrap(
      Shell shell,
      HostCommands commands,
      Preflight preflight,
      String origin,
      String environmentFile,
      Set<String> required,
      DeployLog log) {
    this.shell = shell;
    this.commands = commands;
    this.preflight = preflight;
    this.origin = origin;
    this.environmentFile = environmentFile;
    this.required = Set.copyOf(required);
    this.log = log;
  }

  /**
   * What is to be done; nothing is changed.
   *
   * @throws SlipwayException when the machine itself is not fit: Slipway installs no software
   */
  public BootstrapPlan plan() {
    Preflight.require(preflight.machine());
    boolean cloned = place().equals("checkout");
    if (!cloned) {
      requireOrigin();
    }
    Set<String> missing = new TreeSet<>(required);
    if (cloned) {
      shell
          .run(commands.variables().variableNames(environmentFile), SHORT)
          .standardOutput()
          .lines()
          .forEach(missing::remove);
    }
    return new BootstrapPlan(
        commands.checkout(),
        cloned ? Optional.empty() : Optional.of(origin),
        !cloned || !shell.run(commands.hasState(), SHORT).succeeded(),
        environmentFile,
        missing);
  }

  private String place() {
    String place = run(commands.git().place(), SHORT, "Run it by hand on the server.").strip();
    return switch (place) {
      case "taken" ->
          throw SlipwayException.refused(
              commands.checkout() + " is on the server already, and is no git checkout.",
              "Move it away, or name another folder in slipway.yml (`server.directory`).");
      case "untrusted" ->
          throw SlipwayException.refused(
              commands.checkout() + " is on the server already, and git does not trust it there.",
              CheckoutCheck.trust(commands.checkout()));
      case "forbidden" ->
          throw SlipwayException.refused(
              "The deploying user has no right to make " + commands.checkout() + ".",
              "As root on the server: `install -d -o USER -g USER " + commands.checkout() + "`.");
      default -> place;
    };
  }

  private void requireOrigin() {
    if (origin.isBlank()) {
      throw SlipwayException.refused(
          "It is not known where the server's checkout comes from.",
          "Add `--origin URL`, the platform's repository as the server reaches it.");
    }
    if (!Credentials.inAddresses(origin).isEmpty()) {
      throw SlipwayException.refused(
          "The origin holds a password or a token, which every user of the server could see.",
          "Give the server a deploy key, or keep the password in git's credential store there.");
    }
    run(
        commands.git().canRead(origin),
        SHORT,
        "Let the server read that repository: a deploy key, its host key in known_hosts, or another `--origin`.");
  }

  /** Does what the plan says; {@code values} has a value for each missing key. */
  public void execute(BootstrapPlan plan, Map<String, Secret> values) {
    Secret lines = dotenv(plan.missing(), values);
    plan.origin()
        .ifPresent(
            from -> run(commands.git().cloneFrom(from), CLONE, "Read what git said, and repeat."));
    run(commands.prepareState(), SHORT, "Give the deploying user the right to write there.");
    if (!plan.missing().isEmpty()) {
      run(
          commands.variables().addVariables(environmentFile, lines),
          SHORT,
          "Give the deploying user the right to write there.");
    }
    preflight.require(environmentFile, required);
    log.note("The server is ready: `slipway deploy` ships the first release.");
  }

  private Secret dotenv(Set<String> missing, Map<String, Secret> values) {
    log.conceal(List.copyOf(values.values()));
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (name, value) -> {
              if (missing.contains(name)) {
                lines.append(name).append('=').append(quoted(name, value.reveal())).append('\n');
              }
            });
    return Secret.of(lines.toString());
  }

  /** Both generations of compose read these alike; what only one of them does is refused. */
  static String quoted(String name, String value) {
    if (value.matches("[A-Za-z0-9_@%+:,./=-]+")) {
      return value;
    }
    if (value.isBlank() || value.matches("(?s).*(['\\\\\\r\\n\\x00]|\\$\\{).*")) {
      throw SlipwayException.refused(
          "The value of "
              + name
              + " is blank or has a quote, a backslash, a line feed or `${` in it, which the generations of compose read differently.",
          "Choose another value, or write that line into .env on the server by hand.");
    }
    return "'" + value + "'";
  }

  private String run(ShellCommand command, Duration deadline, String advice) {
    CommandResult result = shell.run(command, deadline);
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.REFUSED, command + " failed on the server: " + result.tail(5) + ".", advice);
    }
    return result.standardOutput();
  }
}
