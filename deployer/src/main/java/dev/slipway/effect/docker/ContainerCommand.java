package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.ExecCreateCmd;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One command in a container that runs already. */
final class ContainerCommand {

  private final DockerClient client;
  private final List<String> command;
  private final String id;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  ContainerCommand(
      DockerClient client,
      String container,
      Optional<String> directory,
      Map<String, String> environment,
      List<String> command) {
    this.client = client;
    this.command = command;
    ExecCreateCmd create =
        client
            .execCreateCmd(container)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withEnv(ContainerRunner.variables(environment))
            .withCmd(command.toArray(String[]::new));
    directory.ifPresent(create::withWorkingDir);
    this.id = create.exec().getId();
  }

  CommandResult run(Duration deadline) {
    ResultCallback.Adapter<Frame> frames =
        new ResultCallback.Adapter<>() {
          @Override
          public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? errors : output)
                .writeBytes(frame.getPayload());
          }
        };
    try (frames) {
      if (!client
          .execStartCmd(id)
          .exec(frames)
          .awaitCompletion(deadline.toSeconds(), TimeUnit.SECONDS)) {
        throw unending(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ExitCode.REFUSED, "Interrupted.", "Run it again.", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long status = client.inspectExecCmd(id).exec().getExitCodeLong();
    return new CommandResult((int) status, text(output), text(errors));
  }

  private SlipwayException unending(Duration deadline) {
    return SlipwayException.refused(
        "`"
            + String.join(" ", command)
            + "` does not end within "
            + deadline.toMinutes()
            + " minutes.",
        "Does it wait for a lock that another connection of env.py or of a revision holds? Its last words:\n"
            + new CommandResult(1, text(output), text(errors)).tail(12));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
