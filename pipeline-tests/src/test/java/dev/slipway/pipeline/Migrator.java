package dev.slipway.pipeline;

import dev.slipway.command.CommandResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;

/** A container of the backend's image in which alembic is called, against one database. */
public final class Migrator implements AutoCloseable {

  private final PlatformUnderTest platform;
  private final GenericContainer<?> container;

  /** A migrator for a database of the rig. */
  public Migrator(PlatformUnderTest platform, String database) {
    this.platform = platform;
    this.container =
        platform
            .rig()
            .backend()
            .withEnv(platform.rig().backendEnvironment(database))
            .withCreateContainerCmdModifier(
                command -> command.withEntrypoint("sleep").withCmd("infinity"))
            .withStartupCheckStrategy(
                new IsRunningStartupCheckStrategy().withTimeout(Duration.ofSeconds(60)));
    container.start();
  }

  /** Calls alembic with a subcommand, the way the platform calls it. */
  public CommandResult alembic(String... words) {
    return run(platform.platform().migrations().with(words));
  }

  /** Runs a program where alembic is run. */
  public CommandResult run(List<String> command) {
    ExecConfig.ExecConfigBuilder exec =
        ExecConfig.builder().command(command.toArray(String[]::new)).envVars(Map.of());
    platform.platform().migrations().directory().ifPresent(exec::workDir);
    try {
      ExecResult result = container.execInContainer(exec.build());
      return new CommandResult(result.getExitCode(), result.getStdout(), result.getStderr());
    } catch (IOException e) {
      throw new IllegalStateException(
          String.join(" ", command) + " could not be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Calls alembic and fails with its output when it fails. */
  public CommandResult require(String... words) {
    CommandResult result = alembic(words);
    if (!result.succeeded()) {
      throw new AssertionError(
          "`"
              + String.join(" ", platform.platform().migrations().with(words))
              + "` failed with exit status "
              + result.exitStatus()
              + ":\n"
              + result.tail(15));
    }
    return result;
  }

  @Override
  public void close() {
    container.stop();
  }
}
