package dev.slipway.command;

import dev.slipway.Secret;

/** What is run on the server with the page that an edge in maintenance shows. */
public record MaintenanceCommands() {

  /** The page that an edge in maintenance shows, in its container; there only while it is. */
  public static final String MAINTENANCE_PAGE = "/tmp/slipway-maintenance.html";

  /** Puts a page where the edge looks for one, whole or not at all. */
  public ShellCommand writeMaintenancePage(String container, Secret page) {
    return ShellCommand.of("docker", "exec", "-i")
        .withOperands(container)
        .with(
            "sh",
            "-c",
            "cat > \"$1.new\" && chmod 644 \"$1.new\" && mv \"$1.new\" \"$1\"",
            "slipway",
            MAINTENANCE_PAGE)
        .reading(page);
  }

  /** Takes that page away; succeeds when there is none. */
  public ShellCommand removeMaintenancePage(String container) {
    return ShellCommand.inContainer(container, "rm", "-f", MAINTENANCE_PAGE);
  }

  /** Succeeds when that page is there. */
  public ShellCommand hasMaintenancePage(String container) {
    return ShellCommand.inContainer(container, "test", "-f", MAINTENANCE_PAGE);
  }
}
