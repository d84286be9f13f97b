package dev.slipway.pipeline.rehearsal;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.http.EdgePorts;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.FilesOfTheServer;
import dev.slipway.pipeline.OpenPorts;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.PortMapping;
import dev.slipway.platform.compose.ServiceOrder;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A stand-in server with a registry, a git server and a mirror of foreign images, made by {@code
 * fixtures/target/rig}.
 */
public final class Rig implements AutoCloseable {

  private static final Duration UP = Duration.ofMinutes(9);
  private static final int HTTP = 80;
  private static final String CHECKOUT = "/opt/platform-v2";

  private final Shell shell = new LocalProcess();
  private final Path program;
  private final Path directory;
  private final String folder;
  private Map<String, String> variables = Map.of();

  /**
   * Starts one for a platform.
   *
   * @param directory where its keys and variables go
   * @param commit what the server's checkout begins with
   * @param server what kind of server it is
   */
  Rig(PlatformUnderTest platform, Path directory, String commit, Server server) {
    this(platform, directory, commit, server, List.of(platform.platform()));
  }

  /**
   * Starts one for several versions of a platform.
   *
   * @param directory where its keys and variables go
   * @param commit what the server's checkout begins with
   * @param server what kind of server it is
   * @param versions whose foreign images it finds and whose ports are reached; first the one that
   *     is to serve in the end
   */
  Rig(
      PlatformUnderTest platform,
      Path directory,
      String commit,
      Server server,
      List<Platform> versions) {
    this.program = platform.workspace().root().resolve("fixtures/target/rig");
    this.directory = directory;
    this.folder = platform.folder();
    ShellCommand up =
        ShellCommand.of(
                program.toString(),
                "up",
                directory.toString(),
                platform.workspace().platform().toString(),
                commit)
            .with("--variant", server.variant(), "--user", server.user())
            .with("--foreign", foreignImages(versions))
            .with("--folder", platform.folder(), "--http", httpPorts(versions))
            .withVariable("RIG_PID", String.valueOf(ProcessHandle.current().pid()))
            .withVariable("RIG_DOTENV", dotenv(platform));
    CommandResult result = shell.run(up, UP);
    if (!result.succeeded()) {
      close();
      throw new IllegalStateException("the stand-in server did not start:\n" + result.tail(20));
    }
    this.variables = read(directory.resolve("env"));
    placeCheckout(platform.platform().serverDirectory());
    variables.put(
        "PROD_HEALTH_URL", variables.get("RIG_HTTP") + platform.platform().health().path());
    if (tcpPorts(platform.platform().entry()).allMatch(Rig::isLoopback)
        || versions.stream().map(Rig::httpPorts).distinct().count() > 1) {
      forgetPublicAddress();
    }
  }

  /** Lets the server's checkout be found where the platform says it is. */
  private void placeCheckout(String wanted) {
    if (!wanted.equals(CHECKOUT)) {
      CommandResult result =
          onServer(
              "sh",
              "-c",
              "mkdir -p \"$(dirname \"$1\")\" && ln -s " + CHECKOUT + " \"$1\"",
              "sh",
              wanted);
      if (!result.succeeded()) {
        close();
        throw new IllegalStateException(
            "the stand-in server has no " + wanted + ": " + result.tail(5));
      }
    }
  }

  private static String foreignImages(List<Platform> versions) {
    return versions.stream()
        .flatMap(Rig::foreignImages)
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private static Stream<String> foreignImages(Platform platform) {
    Map<String, String> foreign = platform.foreignImages();
    return ServiceOrder.of(platform.compose()).stream()
        .flatMap(service -> Optional.ofNullable(foreign.get(service)).stream());
  }

  /** The one that is asked in plain HTTP comes first. */
  private static String httpPorts(List<Platform> versions) {
    return versions.stream()
        .flatMap(version -> httpPorts(version).stream())
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private static List<String> httpPorts(Platform platform) {
    List<String> ports =
        tcpPorts(platform.entry())
            .sorted(Comparator.comparingInt(PortMapping::target))
            .flatMap(port -> port.published().map(number -> where(port, number)).stream())
            .toList();
    return ports.isEmpty() ? List.of(String.valueOf(HTTP)) : ports;
  }

  private static String where(PortMapping port, int number) {
    return isLoopback(port) ? port.hostAddress().orElseThrow() + ":" + number : "" + number;
  }

  private static boolean isLoopback(PortMapping port) {
    return port.hostAddress().filter(address -> address.startsWith("127.")).isPresent();
  }

  private static Stream<PortMapping> tcpPorts(ServiceSpec service) {
    return service.ports().stream().filter(port -> port.protocol().equals("tcp"));
  }

  /** Where an edge on the server that publishes these ports is reached from here. */
  EdgePorts ports(ServiceSpec edge) {
    Map<Integer, Integer> published = new TreeMap<>();
    Map<Integer, Integer> here = new TreeMap<>();
    for (String pair : variables.getOrDefault("RIG_PORTS", "").split(",", -1)) {
      String[] ends = pair.split("=", -1);
      here.put(Integer.valueOf(ends[0]), Integer.valueOf(ends[1]));
    }
    tcpPorts(edge)
        .forEach(
            port ->
                port.published()
                    .map(here::get)
                    .ifPresent(reached -> published.put(port.target(), reached)));
    return new OpenPorts(edge.ports(), URI.create(address()).getHost(), published);
  }

  /** Has health asked on the server alone, where its address says too little. */
  void forgetPublicAddress() {
    variables.remove("PROD_HEALTH_URL");
  }

  /** Puts onto the server what a platform finds there before it. */
  void place(PlatformUnderTest under, FilesOfTheServer files) {
    Platform platform = under.platform();
    String folderThere = CHECKOUT + "/" + parent(platform.compose().file());
    under.variables().files().forEach((path, text) -> write(folderThere + path, text));
    platform
        .compose()
        .external("networks")
        .forEach(name -> require("docker", "network", "create", name));
    platform
        .compose()
        .external("volumes")
        .forEach(name -> require("docker", "volume", "create", name));
    files.forEach((mount, below, text) -> write(root(platform, mount) + "/" + below, text));
  }

  private String root(Platform platform, VolumeMount mount) {
    String source = mount.source().orElseThrow();
    if (mount.type().equals("bind")) {
      return mount.isOfTheHost()
          ? source
          : CHECKOUT + "/" + parent(platform.compose().file()) + source;
    }
    String volume = platform.compose().ownName("volumes", source, platform.name());
    require("docker", "volume", "create", volume);
    return require("docker", "volume", "inspect", "--format", "{{.Mountpoint}}", volume)
        .standardOutput()
        .strip();
  }

  private String parent(String file) {
    return folder + file.substring(0, file.lastIndexOf('/') + 1);
  }

  private void write(String path, String text) {
    require(
        "sh",
        "-c",
        "path=${1%/}; mkdir -p \"${path%/*}\" && printf %s \"$2\" > \"$path\"",
        "sh",
        path,
        text);
  }

  private CommandResult require(String... words) {
    CommandResult result = onServer(words);
    if (!result.succeeded()) {
      throw new IllegalStateException(
          String.join(" ", words) + " failed on the stand-in server: " + result.tail(5));
    }
    return result;
  }

  private static String dotenv(PlatformUnderTest platform) {
    return platform
        .variables()
        .envFile()
        .lines()
        .filter(line -> !line.startsWith("REGISTRY=") && !line.startsWith("TAG="))
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> read(Path file) {
    try {
      Map<String, String> variables = new HashMap<>();
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        variables.put(line.substring(0, equals), line.substring(equals + 1));
      }
      return variables;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables that slipway reads, and the rig's own beginning with {@code RIG_}. */
  public Map<String, String> variables() {
    return new TreeMap<>(variables);
  }

  /** The name that its containers' names begin with. */
  public String name() {
    return variables.getOrDefault("RIG_NAME", "");
  }

  /** The edge's address, seen from here. */
  public String address() {
    return variables.getOrDefault("RIG_HTTP", "");
  }

  /** The address of the git server. */
  public String git() {
    return variables.getOrDefault("RIG_GIT", "");
  }

  /** Runs a command on the server as root, past slipway and ssh. */
  public CommandResult onServer(String... words) {
    return shell.run(
        ShellCommand.of("docker", "exec", name() + "-target").with(words), Duration.ofMinutes(2));
  }

  /** The id of a service's running container on the server; empty when none runs. */
  public String container(String service) {
    return onServer("docker", "ps", "-q", "--filter", "label=com.docker.compose.service=" + service)
        .standardOutput()
        .strip();
  }

  /** Restarts the server, which answers where it did before. */
  void reboot() {
    String server = name() + "-target";
    docker("restart", server);
    Eventually.within(
        Duration.ofMinutes(2),
        () ->
            docker("inspect", "--format", "{{.State.Health.Status}}", server)
                .standardOutput()
                .strip()
                .equals("healthy"),
        () -> docker("logs", "--tail", "20", server).tail(20));
  }

  /** How many logins the server's sshd let in so far. */
  long logins() {
    CommandResult log = docker("logs", name() + "-target");
    return (log.standardOutput() + log.standardError())
        .lines()
        .filter(line -> line.contains("Accepted publickey"))
        .count();
  }

  /** Runs a docker command on this machine, such as {@code stop NAME-registry}. */
  public CommandResult docker(String... words) {
    return shell.run(ShellCommand.of("docker").with(words), Duration.ofMinutes(2));
  }

  @Override
  public void close() {
    if (!Boolean.getBoolean("keep.failed")) {
      shell.run(
          ShellCommand.of(program.toString(), "down", directory.toString()), Duration.ofMinutes(2));
      forgetImages();
    }
  }

  /** The names that pushes to its registry left in this machine's engine. */
  private void forgetImages() {
    String registry = variables.getOrDefault("REGISTRY", "");
    if (registry.isEmpty()) {
      return;
    }
    List<String> names =
        docker(
                "images",
                "--filter",
                "reference=" + registry + "/*",
                "--format",
                "{{.Repository}}:{{.Tag}}")
            .standardOutput()
            .lines()
            .filter(name -> !name.contains("<none>"))
            .toList();
    if (!names.isEmpty()) {
      shell.run(
          ShellCommand.of("docker", "image", "rm", "--no-prune").with(names),
          Duration.ofMinutes(2));
    }
  }
}
