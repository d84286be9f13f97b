package dev.slipway.deploy.doctor;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.deploy.database.BackupCheck;
import dev.slipway.deploy.database.DatabaseShell;
import dev.slipway.deploy.database.LiveDatabase;
import dev.slipway.deploy.doctor.Preflight.Line;
import dev.slipway.deploy.environment.Credentials;
import dev.slipway.deploy.environment.EnvironmentFile;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.deploy.swap.Instance;
import dev.slipway.deploy.swap.Instances;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.plan.SeveralContainers;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.BackupSettings.Mode;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.PortMapping;
import dev.slipway.platform.compose.ServiceSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks at what a first deployment can stumble over besides what {@link Preflight} refuses: it asks
 * more, since nobody waits for a deployment meanwhile.
 */
public final class Doctor {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final long LEAST_MEMORY_KIB = 512L * 1024;
  private static final DeployLog SILENT = new DeployLog(line -> {}, new Redaction(List.of()));

  private final Shell shell;
  private final Platform platform;
  private final HostCommands commands;
  private final String composeDirectory;
  private final Optional<URI> healthUrl;

  /** The checks of one platform's server; {@code composeDirectory} is the compose file's there. */
  public Doctor(Shell shell, Platform platform, String composeDirectory, Optional<URI> healthUrl) {
    this.shell = shell;
    this.platform = platform;
    this.commands = new HostCommands(platform.serverDirectory());
    this.composeDirectory = composeDirectory;
    this.healthUrl = healthUrl;
  }

  /** Runs every check, whatever the others say. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(memory());
    lines.add(iptables());
    if (shell.run(commands.git().head(), DEADLINE).succeeded()) { // else preflight tells
      lines.add(origin());
    }
    lines.add(project());
    lines.add(environment());
    lines.addAll(several());
    platform.entryPort().flatMap(PortMapping::published).map(this::port).ifPresent(lines::add);
    healthUrl.map(this::health).ifPresent(lines::add);
    backups().ifPresent(lines::add);
    return lines;
  }

  private Line memory() {
    String text = shell.run(commands.availableMemory(), DEADLINE).standardOutput().strip();
    if (!text.matches("\\d+")) {
      return Line.bad("memory", "unknown", "Look at `free -m` on the server.");
    }
    long available = Long.parseLong(text);
    String found = available / 1024 + " MiB available";
    return available >= LEAST_MEMORY_KIB
        ? Line.good("memory", found)
        : Line.bad(
            "memory",
            found,
            "Free some, or add swap: the new containers start beside the old ones.");
  }

  private Line iptables() {
    CommandResult result = shell.run(commands.iptables(), DEADLINE);
    return result.succeeded()
        ? Line.good("iptables", result.standardOutput().strip())
        : Line.bad(
            "iptables",
            "not found",
            "Install it on the server, the engine itself needs it: `apt-get install iptables`.");
  }

  /** Nothing that a deployment refuses: on a server with one account it does no harm. */
  private Line environment() {
    String file = EnvironmentFile.in(composeDirectory);
    return shell.run(commands.variables().othersMayRead(file), DEADLINE).succeeded()
        ? Line.bad(
            "secrets",
            file + " can be read by every user of the server",
            "As its owner on the server: `chmod 600 " + file + "`.")
        : Line.good("secrets", "no other user can read " + file);
  }

  private Line origin() {
    CommandResult named = shell.run(commands.git().origin(), DEADLINE);
    String written = named.standardOutput().strip();
    String url = written.replaceFirst("://[^/]*@", "://");
    if (!named.succeeded() || url.isEmpty()) {
      return Line.bad(
          "origin",
          "the checkout has none",
          "Name the repository: `git -C " + commands.checkout() + " remote add origin URL`.");
    }
    if (!Credentials.inAddresses(written).isEmpty()) {
      return Line.bad(
          "origin",
          url + " is written with a password or a token, which every user of the server could see",
          "Give the server a deploy key, or keep the password in git's credential store there.");
    }
    CommandResult read = shell.run(commands.git().canReadOrigin(), DEADLINE);
    return read.succeeded()
        ? Line.good("origin", url)
        : Line.bad(
            "origin",
            url + " cannot be read from there: " + read.tail(1),
            "Give the server a deploy key for it, and its host key in known_hosts.");
  }

  private Line project() {
    Set<String> folders = new TreeSet<>();
    shell
        .run(commands.projectFolders(platform.name()), DEADLINE)
        .standardOutput()
        .lines()
        .filter(folder -> !folder.isBlank() && !folder.equals(composeDirectory))
        .forEach(folders::add);
    return folders.isEmpty()
        ? Line.good("project", platform.name() + " is this platform's alone")
        : Line.bad(
            "project",
            platform.name() + " is also the name of what runs from " + String.join(", ", folders),
            "Give this platform another name in slipway.yml (`name`): compose would take theirs for its own.");
  }

  /**
   * Services of which somebody has scaled the containers by hand, which leaves no room for new
   * ones.
   */
  private List<Line> several() {
    Map<String, List<String>> several = scaled();
    return Stream.of(Role.BACKEND, Role.FRONTEND, Role.EDGE)
        .flatMap(role -> platform.service(role).stream())
        .filter(service -> service.alone().isEmpty())
        .map(ServiceSpec::name)
        .filter(several::containsKey)
        .map(
            service -> {
              List<String> names = several.getOrDefault(service, List.of());
              return Line.bad(
                  service,
                  "several containers, though the compose file wants one: "
                      + String.join(", ", names),
                  SeveralContainers.advice(service, names));
            })
        .toList();
  }

  /** Nothing where the containers cannot be looked at: why is told by what looks at the engine. */
  private Map<String, List<String>> scaled() {
    try {
      return new Instances(shell, commands, platform.name()).look().several();
    } catch (SlipwayException unreadable) {
      return Map.of();
    }
  }

  private Line port(int port) {
    List<String> others =
        shell
            .run(commands.publishing(port), DEADLINE)
            .standardOutput()
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    boolean ours = others.contains(platform.name());
    boolean taken = others.isEmpty() && shell.run(commands.listens(port), DEADLINE).succeeded();
    if (ours || (others.isEmpty() && !taken)) {
      return Line.good("port", port + (ours ? " is the edge's" : " is free"));
    }
    return Line.bad(
        "port",
        port + " is taken by " + (taken ? "a program of the server" : String.join(", ", others)),
        "Stop what listens there, or publish another port.");
  }

  private Line health(URI url) {
    try {
      int status = new HttpDoor().get(url, ANSWER).status();
      return status == 200
          ? Line.good("health", url + " answers 200")
          : unwell(url, "answers " + status);
    } catch (IOException unreached) {
      return unwell(url, "does not answer");
    }
  }

  /** Whether the backup before a migration has room; nothing where none is wanted. */
  private Optional<Line> backups() {
    BackupSettings wanted = platform.backup();
    return platform
        .service(Role.POSTGRES)
        .filter(service -> wanted.mode() != Mode.NONE)
        .map(service -> backups(service.name(), wanted));
  }

  private Line backups(String service, BackupSettings wanted) {
    DatabaseCommands database = new DatabaseCommands(platform.serverDirectory());
    try {
      Optional<String> running =
          Optional.ofNullable(
                  new Instances(shell, commands, platform.name()).look().firsts().get(service))
              .filter(Instance::runs)
              .map(Instance::id);
      if (running.isEmpty()) {
        return Line.good("backups", service + " does not run: there is nothing to back up yet");
      }
      DatabaseShell asked = new DatabaseShell(shell, SILENT, Clock.systemUTC());
      LiveDatabase found =
          LiveDatabase.parse(
              running.get(),
              "",
              asked
                  .require(
                      database.describe(running.get()),
                      "The database cannot be looked at",
                      "Look at the logs of " + service + ".")
                  .standardOutput());
      new BackupCheck(asked, database, wanted).require(found, wanted.mode());
      return Line.good(
          "backups",
          "room in "
              + database.folder()
              + " for a database of "
              + DatabaseShell.size(found.bytes()));
    } catch (SlipwayException obstacle) {
      return Line.bad("backups", obstacle.what(), obstacle.advice());
    }
  }

  /** Before the first deployment nothing can answer. */
  private Line unwell(URI url, String how) {
    String containers =
        shell.run(commands.containers(platform.name()), DEADLINE).standardOutput().strip();
    boolean bare = containers.isEmpty() || containers.equals("[]"); // no engine, or no container
    return bare
        ? Line.good("health", url + " " + how + ": nothing is deployed yet")
        : Line.bad(
            "health",
            url + " " + how,
            "`slipway status` says what runs; else look at DNS, firewall and certificates on the way to the edge.");
  }
}
