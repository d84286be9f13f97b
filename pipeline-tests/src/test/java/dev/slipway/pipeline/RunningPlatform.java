package dev.slipway.pipeline;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.ComposeProject;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.http.EdgeDoor;
import dev.slipway.effect.http.EdgePorts;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ComposeRewrite;
import dev.slipway.platform.compose.ServiceOrder;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole platform up by its own compose file, as in production but for free ports, no fixed
 * names and the images under test; migrated the way a deployment migrates it.
 */
public final class RunningPlatform implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration UP = Duration.ofMinutes(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int LARGEST_FILE = 64 * 1024 * 1024;
  private static final Set<String> UNWELL = Set.of("unhealthy", "exited", "dead");
  private static final String FILE = "docker-compose.slipway.yml";

  private final PlatformUnderTest platform;
  private final Shell shell = new LocalProcess();
  private final ComposeProject project;
  private final Path directory;
  private final Path folder;
  private final Path filesOfTheHost;
  private final FilesOfTheServer filesOfTheServer;
  private final EdgeDoor edge = new EdgeDoor(LARGEST_FILE);
  private final ComposeCommands compose;
  private final Thread cleanUp = new Thread(this::destroy, "slipway-clean-up");
  private boolean up;
  private @Nullable Throwable failure;

  RunningPlatform(PlatformUnderTest platform) {
    this.platform = platform;
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    this.project = platform.engine().project("slipway-" + HexFormat.of().formatHex(random));
    this.directory = platform.scratch("compose");
    Folders.copy(platform.sources(), directory);
    this.folder =
        directory.resolve(platform.sources().relativize(platform.composeFolder()).toString());
    this.filesOfTheHost = platform.scratch("files-of-the-host");
    this.filesOfTheServer =
        new FilesOfTheServer(
            platform.platform().entry(),
            folder,
            file -> platform.repository().ignores(directory.relativize(file).toString()),
            platform.scratch("files-of-the-server"));
    Folders.write(folder.resolve(".env"), platform.variables().envFile());
    platform
        .variables()
        .files()
        .forEach((path, text) -> Folders.write(folder.resolve(path).normalize(), text));
    writeComposeFile();
    this.compose =
        new ComposeCommands(tool(shell), project.name(), folder.toString(), FILE, Map.of());
    Runtime.getRuntime().addShutdownHook(cleanUp);
  }

  /** Which generation of compose this machine has. */
  public static ComposeTool tool(Shell shell) {
    return Stream.of(ComposeTool.values())
        .filter(tool -> succeeds(shell, tool))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("no docker compose on this machine; run bin/setup"));
  }

  private static boolean succeeds(Shell shell, ComposeTool tool) {
    CommandResult result = shell.run(tool.version(), Duration.ofSeconds(30));
    return result.succeeded() && !result.standardOutput().isBlank();
  }

  private void writeComposeFile() {
    Folders.write(folder.resolve(FILE), platform.platform().compose().rewritten(rewrite()));
  }

  private ComposeRewrite rewrite() {
    Map<String, String> images = new HashMap<>();
    for (BuiltService service : platform.platform().built()) {
      images.put(service.name(), platform.images().name(service.role()));
    }
    platform
        .platform()
        .sharers()
        .forEach((sharer, builder) -> images.put(sharer, platform.images().nameOf(builder)));
    return new ComposeRewrite(
        images, platform.platform().compose().services().keySet(), mounts(), Ephemeral.labels());
  }

  /**
   * What of the server's a service mounts is new and empty here, and the same for all that mount
   * it, unless it is every Linux's.
   */
  private Map<String, Map<String, String>> mounts() {
    Map<String, Map<String, String>> mounts = new HashMap<>();
    Map<String, String> volumes = new HashMap<>();
    for (ServiceSpec service : platform.platform().compose().services().values()) {
      Map<String, String> own = new HashMap<>();
      service.volumes().stream()
          .filter(mount -> mount.isOfTheHost() && !isOfEveryHost(mount))
          .forEach(
              mount ->
                  own.put(
                      mount.target(),
                      Files.isRegularFile(source(mount))
                          ? copy(mount).toString()
                          : volumes.computeIfAbsent(
                              source(mount).toString(),
                              source -> "slipway-of-the-host-" + volumes.size())));
      if (service.name().equals(platform.platform().entry().name())) {
        own.putAll(filesOfTheServer.mounts());
      }
      mounts.put(service.name(), own);
    }
    return mounts;
  }

  private static boolean isOfEveryHost(VolumeMount mount) {
    Path source = source(mount);
    return source.toString().endsWith(".sock")
        || Stream.of("/dev", "/proc", "/sys").anyMatch(source::startsWith)
        || (mount.readOnly() && Files.isDirectory(source));
  }

  /** Such as the time zone, which the engine's own host may not have. */
  private Path copy(VolumeMount mount) {
    Path copy = filesOfTheHost.resolve(source(mount).toString().substring(1));
    Folders.create(Objects.requireNonNull(copy.getParent()));
    try {
      return Files.copy(
          source(mount),
          copy,
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path source(VolumeMount mount) {
    return Path.of(mount.source().orElseThrow());
  }

  /** Starts it once; when that fails, it fails the same way for whoever asks later. */
  synchronized void ensureUp() {
    if (failure != null) {
      throw new AssertionError(failure.getMessage(), failure);
    }
    if (up) {
      return;
    }
    try {
      start();
      up = true;
    } catch (AssertionError | RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void start() {
    LOG.info("Starting the whole platform as {}", project.name());
    platform.requirePostgres();
    ComposeFile file = platform.platform().compose();
    Set<String> release = platform.platform().withSharers(platform.images().all().keySet());
    List<ServiceSpec> waiting =
        ServiceOrder.of(file).stream()
            .map(name -> Objects.requireNonNull(file.services().get(name)))
            .collect(Collectors.toCollection(ArrayList::new));
    Set<String> needed = needed(release);
    start(waiting, service -> needed.contains(service.name()));
    migrate();
    while (!waiting.isEmpty()) {
      List<String> next = next(waiting);
      start(waiting, service -> next.contains(service.name()));
    }
  }

  /** What the migration needs: the database and whatever of others the backend depends on. */
  private Set<String> needed(Set<String> release) {
    ComposeFile file = platform.platform().compose();
    Set<String> needed = new HashSet<>(ServiceOrder.before(file, platform.platform().backend()));
    service(Role.POSTGRES).ifPresent(needed::add);
    needed.removeIf(
        name ->
            release.contains(name)
                || ServiceOrder.before(file, Objects.requireNonNull(file.services().get(name)))
                    .stream()
                    .anyMatch(release::contains));
    return needed;
  }

  /** Those that nothing else has to be started for; the edge comes last, as in a deployment. */
  private List<String> next(List<ServiceSpec> waiting) {
    Set<String> names = waiting.stream().map(ServiceSpec::name).collect(Collectors.toSet());
    List<String> free =
        waiting.stream()
            .filter(service -> service.dependsOn().keySet().stream().noneMatch(names::contains))
            .map(ServiceSpec::name)
            .toList();
    List<String> others =
        free.stream().filter(name -> !service(Role.EDGE).equals(Optional.of(name))).toList();
    if (!others.isEmpty()) {
      return others;
    }
    return free.isEmpty() ? waiting.stream().map(ServiceSpec::name).toList() : free;
  }

  /** Starts those that are next and waits for them; those that are left have not been started. */
  private void start(List<ServiceSpec> waiting, Predicate<ServiceSpec> isNext) {
    List<ServiceSpec> next = waiting.stream().filter(isNext).toList();
    waiting.removeAll(next);
    if (!next.isEmpty()) {
      require(compose.up(next.stream().map(ServiceSpec::name).toList()));
    }
    next.forEach(this::awaitReady);
  }

  private void migrate() {
    var migrations = platform.platform().migrations();
    require(
        compose.run(
            platform.platform().backend().name(),
            migrations.directory(),
            migrations.with("upgrade", "head")));
  }

  private CommandResult require(ShellCommand command) {
    CommandResult result = shell.run(command, UP);
    if (!result.succeeded()) {
      throw new AssertionError(
          command
              + " failed with exit status "
              + result.exitStatus()
              + ":\n"
              + result.tail(15)
              + wordsOfTheUnwell()
              + "\nIt is run in "
              + command.directory().orElse(".")
              + ", which is the platform with an .env of made-up values.");
    }
    return result;
  }

  private void awaitReady(ServiceSpec service) {
    while (isWithoutAFileOfTheServer(service)) {
      project.remove(service.name());
      writeComposeFile();
      require(compose.up(List.of(service.name())));
    }
  }

  /** The last words of those that are not well. */
  private String wordsOfTheUnwell() {
    return project.containers().keySet().stream()
        .filter(name -> UNWELL.contains(project.state(name)) && !project.isDone(name))
        .map(
            name ->
                "\nThe last words of "
                    + name
                    + ", which is "
                    + project.state(name)
                    + unwell(name).said()
                    + ":\n"
                    + logs(name))
        .collect(Collectors.joining());
  }

  /** Waits until it is ready; whether it ended for want of a file that is there now. */
  private boolean isWithoutAFileOfTheServer(ServiceSpec service) {
    try {
      awaitStart(service);
      return false;
    } catch (AssertionError unwell) {
      if (service.name().equals(platform.platform().entry().name())
          && filesOfTheServer.supply(logs(service.name()))) {
        return true;
      }
      throw unwell;
    }
  }

  private void awaitStart(ServiceSpec service) {
    Eventually.within(
        UP,
        () -> isReady(service),
        () ->
            "Service "
                + service.name()
                + " stays "
                + project.state(service.name())
                + unwell(service.name()).said()
                + ". Its last words:\n"
                + logs(service.name()));
  }

  private boolean isReady(ServiceSpec service) {
    ComposeFile file = platform.platform().compose();
    String state = project.state(service.name());
    if (file.mayEnd(service) && project.isDone(service.name())) {
      return true;
    }
    if (UNWELL.contains(state)) {
      throw new AssertionError(
          "Service "
              + service.name()
              + " is "
              + state
              + " after `compose up`: "
              + unwell(service.name()).why()
              + ". Its last words:\n"
              + logs(service.name()));
    }
    return !file.mustEnd(service)
        && (state.equals("healthy") || (state.equals("running") && !service.healthcheck()));
  }

  private Unwell unwell(String service) {
    ComposeFile file = platform.platform().compose();
    return new Unwell(
        project.exitStatus(service),
        project.lastHealthCheck(service),
        Optional.ofNullable(file.services().get(service)).filter(file::mayEnd).isPresent(),
        file.file());
  }

  /** The last lines that a service printed. */
  public String logs(String service) {
    return shell.run(compose.logs(service, 30), Duration.ofSeconds(30)).tail(30);
  }

  /** The configuration by which the edge works; empty when it is no nginx. */
  public Optional<String> edgeConfiguration() {
    return service(Role.EDGE)
        .map(project.containers()::get)
        .map(
            edge ->
                platform
                    .engine()
                    .execute(
                        edge,
                        Optional.empty(),
                        Map.of(),
                        List.of("nginx", "-T"),
                        Duration.ofSeconds(30)))
        .filter(CommandResult::succeeded)
        .map(CommandResult::standardOutput);
  }

  /** Its containers. */
  public ComposeProject project() {
    return project;
  }

  /**
   * Asks the service that takes requests from outside.
   *
   * @param host the name that it is asked by; empty: its address, as its default server is asked
   */
  public HttpAnswer ask(String path, Optional<String> host) {
    String entry = platform.platform().entry().name();
    try {
      return edge.get(ports(entry), path, host, ANSWER);
    } catch (IOException e) {
      throw new AssertionError(
          path
              + " gets no answer from service "
              + entry
              + ": "
              + e
              + ". Its last words:\n"
              + logs(entry),
          e);
    }
  }

  private OpenPorts ports(String entry) {
    Map<Integer, Integer> published = project.publishedPorts(entry);
    if (published.isEmpty()) {
      throw new AssertionError(
          "Service "
              + entry
              + " publishes no port; write `ports:` for it in "
              + platform.platform().compose().file()
              + ", or name the edge with `services.edge` in slipway.yml.");
    }
    return new OpenPorts(platform.platform().entry().ports(), platform.engine().host(), published);
  }

  /** Whether its visitors need no more than its address: no name, and no HTTPS. */
  public boolean answersByItsAddress() {
    try (EdgePorts.Way way = ports(platform.platform().entry().name()).lowest()) {
      URI uri =
          URI.create(
              "http://" + way.host() + ":" + way.port() + platform.platform().health().path());
      return new HttpDoor().getHere(uri, ANSWER).status() == HttpURLConnection.HTTP_OK;
    } catch (IOException noAnswer) {
      return false;
    }
  }

  /** What was made up for the edge that only its server has. */
  public FilesOfTheServer filesOfTheServer() {
    return filesOfTheServer;
  }

  /** The name of a role's service. */
  public Optional<String> service(Role role) {
    return platform.platform().service(role).map(ServiceSpec::name);
  }

  private void destroy() {
    if (Boolean.getBoolean("keep.failed")) {
      LOG.info("Kept: docker ps --filter label=com.docker.compose.project={}", project.name());
      return;
    }
    project.destroy();
    platform
        .platform()
        .service(Role.POSTGRES)
        .flatMap(ServiceSpec::image)
        .ifPresent(image -> new FilesOfContainers(shell, image.toString()).giveBack(directory));
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(cleanUp);
    destroy();
  }
}
