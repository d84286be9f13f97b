package dev.slipway.pipeline;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.ExecCreateCmd;
import dev.slipway.command.CommandResult;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.FrameConsumerResultCallback;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.output.ToStringConsumer;

/** The platform's own alembic, called in the backend's image against one database. */
public final class Migrator {

  private static final int MINUTES = 10;

  private final PlatformUnderTest platform;
  private final String database;

  /** A migrator for a database of the rig. */
  public Migrator(PlatformUnderTest platform, String database) {
    this.platform = platform;
    this.database = database;
  }

  /** Calls alembic with a subcommand, the way the platform calls it. */
  public CommandResult alembic(String... words) {
    return run(platform.platform().migrations().with(words));
  }

  /** Runs a program where alembic is run, for {@value #MINUTES} minutes at most. */
  public CommandResult run(List<String> command) {
    GenericContainer<?> container = platform.rig().idleBackend();
    DockerClient docker = container.getDockerClient();
    ExecCreateCmd create =
        docker
            .execCreateCmd(container.getContainerId())
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withEnv(
                platform.rig().backendEnvironment(database).entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .toList())
            .withCmd(command.toArray(String[]::new));
    platform.platform().migrations().directory().ifPresent(create::withWorkingDir);
    String id = create.exec().getId();
    ToStringConsumer output = new ToStringConsumer();
    ToStringConsumer error = new ToStringConsumer();
    try (FrameConsumerResultCallback callback = new FrameConsumerResultCallback()) {
      callback.addConsumer(OutputType.STDOUT, output);
      callback.addConsumer(OutputType.STDERR, error);
      boolean ended =
          docker.execStartCmd(id).exec(callback).awaitCompletion(MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        throw new AssertionError(unending(command, output.toUtf8String() + error.toUtf8String()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(command.get(0) + " could not be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    long status = docker.inspectExecCmd(id).exec().getExitCodeLong();
    return new CommandResult((int) status, output.toUtf8String(), error.toUtf8String());
  }

  private static String unending(List<String> command, String output) {
    return "`"
        + String.join(" ", command)
        + "` does not end within "
        + MINUTES
        + " minutes; does it wait for a lock that another connection of env.py or of a revision holds? Its last words:\n"
        + new CommandResult(1, output, "").tail(12);
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
}
