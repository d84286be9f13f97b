package dev.slipway.pipeline;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.ComposeProject;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.ComposeRewrite;
import dev.slipway.platform.Role;
import dev.slipway.platform.ServiceOrder;
import dev.slipway.platform.ServiceSpec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private static final String FILE = "docker-compose.slipway.yml";

  private final PlatformUnderTest platform;
  private final Shell shell = new LocalProcess();
  private final ComposeProject project;
  private final ComposeCommands compose;
  private final Thread cleanUp = new Thread(this::destroy, "slipway-clean-up");
  private boolean up;
  private @Nullable Throwable failure;

  RunningPlatform(PlatformUnderTest platform) {
    this.platform = platform;
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    this.project = platform.engine().project("slipway-" + HexFormat.of().formatHex(random));
    Path directory = platform.scratch("compose");
    Folders.copy(platform.sources(), directory);
    Folders.write(directory.resolve(FILE), platform.platform().compose().rewritten(rewrite()));
    Folders.write(directory.resolve(".env"), platform.variables().envFile());
    this.compose =
        new ComposeCommands(tool(shell), project.name(), directory.toString(), FILE, Map.of());
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

  private ComposeRewrite rewrite() {
    Map<String, String> images = new HashMap<>();
    for (BuiltService service : platform.platform().built()) {
      images.put(service.name(), platform.images().name(service.role()));
    }
    return new ComposeRewrite(
        images, platform.platform().compose().services().keySet(), Ephemeral.labels());
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
    List<String> order = ServiceOrder.of(platform.platform().compose());
    Set<String> application = platform.images().all().keySet();
    List<String> foundation =
        order.stream().filter(service -> !application.contains(service)).toList();
    if (!foundation.isEmpty()) {
      require(compose.up(foundation));
    }
    foundation.forEach(this::awaitHealthy);
    migrate();
    require(compose.up(order));
    order.forEach(this::awaitHealthy);
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
              + "\nIt is run in "
              + command.directory().orElse(".")
              + ", which is the platform with an .env of made-up values.");
    }
    return result;
  }

  private void awaitHealthy(String service) {
    boolean checked =
        Optional.ofNullable(platform.platform().compose().services().get(service))
            .map(ServiceSpec::healthcheck)
            .orElse(false);
    Eventually.within(
        UP,
        () -> {
          String state = project.state(service);
          if (state.equals("unhealthy") || state.equals("exited") || state.equals("dead")) {
            throw new AssertionError(
                "Service "
                    + service
                    + " is "
                    + state
                    + " after `compose up`: compare its health check in "
                    + platform.platform().compose().file()
                    + " with what it listens on and answers. Its last words:\n"
                    + logs(service));
          }
          return state.equals("healthy") || (state.equals("running") && !checked);
        },
        () ->
            "Service "
                + service
                + " stays "
                + project.state(service)
                + ". Its last words:\n"
                + logs(service));
  }

  /** The last lines that a service printed. */
  public String logs(String service) {
    return shell.run(compose.logs(service, 30), Duration.ofSeconds(30)).tail(30);
  }

  /** Its containers. */
  public ComposeProject project() {
    return project;
  }

  /** The address of the service that takes requests from outside. */
  public String address() {
    String entry = platform.platform().entry().name();
    int port =
        project
            .publishedPort(entry)
            .orElseThrow(
                () ->
                    new AssertionError(
                        "Service "
                            + entry
                            + " publishes no port; write `ports:` for it in "
                            + platform.platform().compose().file()
                            + ", or name the edge with `services.edge` in slipway.yml."));
    return "http://" + platform.engine().host() + ":" + port;
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
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(cleanUp);
    destroy();
  }
}
