package dev.slipway.deploy.status;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.MaintenanceCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.swap.Instance;
import dev.slipway.deploy.swap.Instances;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ServiceSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * Maintenance mode: a file in the running edge container, for which the edge's own configuration
 * looks at each request. Nothing is reloaded; a restart keeps it, a new container does not.
 */
public final class Maintenance {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Shell shell;
  private final Platform platform;
  private final HostCommands commands;

  /** The maintenance mode of one platform's edge. */
  public Maintenance(Shell shell, Platform platform) {
    this.shell = shell;
    this.platform = platform;
    this.commands = new HostCommands(platform.serverDirectory());
  }

  /**
   * Lets the edge answer every request but those for health with 503 and this page.
   *
   * @throws SlipwayException when the edge's configuration does not look for the page
   */
  public void begin(String page) {
    String edge = edge();
    String configuration =
        run(commands.nginxConfiguration(edge), "Only an nginx edge can be put into maintenance.");
    if (!configuration.contains(MaintenanceCommands.MAINTENANCE_PAGE)) {
      throw SlipwayException.refused(
          "The edge does not look for a maintenance page.",
          "Add these lines to the `server` block of its nginx.conf and deploy that:\n"
              + snippet(platform.health().path()));
    }
    run(
        commands.maintenance().writeMaintenancePage(edge, Secret.of(page)),
        "Let the edge's user write to /tmp in its container.");
  }

  /** Lets the edge answer as usual. */
  public void end() {
    run(
        commands.maintenance().removeMaintenancePage(edge()),
        "Restart the edge's container by hand.");
  }

  /** Whether the edge answers with 503 now; no edge, no maintenance. */
  public boolean isOn() {
    return find().map(this::isOn).orElse(false);
  }

  /** The same of an edge that runs in this container. */
  public boolean isOn(String edge) {
    return shell.run(commands.maintenance().hasMaintenancePage(edge), DEADLINE).succeeded();
  }

  /** What an edge's configuration needs, to be written once. */
  static String snippet(String healthPath) {
    return """
        set $maintenance "";
        if (-f PAGE) { set $maintenance on; }
        if ($uri = HEALTH) { set $maintenance ""; }
        if ($uri = PAGE_NAME) { set $maintenance ""; }
        if ($maintenance) { return 503; }
        error_page 503 PAGE_NAME;
        location = PAGE_NAME {
          internal;
          root /tmp;
          default_type text/html;
          add_header Retry-After 120 always;
          try_files PAGE_NAME =503;
        }
    """
        .replace("PAGE_NAME", MaintenanceCommands.MAINTENANCE_PAGE.replace("/tmp", ""))
        .replace("PAGE", MaintenanceCommands.MAINTENANCE_PAGE)
        .replace("HEALTH", healthPath);
  }

  private String edge() {
    return find()
        .orElseThrow(
            () ->
                SlipwayException.refused(
                    "The platform has no edge that runs.", "`slipway status` says what does."));
  }

  private Optional<String> find() {
    return platform
        .service(Role.EDGE)
        .map(ServiceSpec::name)
        .map(new Instances(shell, commands, platform.name()).look().newest()::get)
        .filter(Instance::runs)
        .map(Instance::id);
  }

  private String run(ShellCommand command, String advice) {
    CommandResult result = shell.run(command, DEADLINE);
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.REFUSED, command + " failed on the server: " + result.tail(3) + ".", advice);
    }
    return result.standardOutput();
  }
}
