package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.StreamType;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one command in a new container, and removes the container whatever happens. */
public final class ContainerRunner {

  private final DockerClient client;
  private final Map<String, String> labels;

  ContainerRunner(DockerClient client, Map<String, String> labels) {
    this.client = client;
    this.labels = Map.copyOf(labels);
  }

  /** Runs the command to its end. */
  public CommandResult run(ContainerRun run, Duration deadline) {
    String container = create(run);
    try {
      run.files()
          .ifPresent(
              files ->
                  client
                      .copyArchiveToContainerCmd(container)
                      .withHostResource(files.source().toString())
                      .withDirChildrenOnly(true)
                      .withRemotePath(files.target())
                      .exec());
      client.startContainerCmd(container).exec();
      int status = await(container, run, deadline);
      return output(container, status);
    } finally {
      client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
    }
  }

  private String create(ContainerRun run) {
    HostConfig host = HostConfig.newHostConfig();
    run.network().ifPresent(host::withNetworkMode);
    CreateContainerCmd command =
        client
            .createContainerCmd(run.image())
            .withEntrypoint(run.arguments().subList(0, 1))
            .withCmd(run.arguments().subList(1, run.arguments().size()))
            .withEnv(variables(run.environment()))
            .withLabels(labels)
            .withHostConfig(host);
    run.user().ifPresent(command::withUser);
    run.directory().ifPresent(command::withWorkingDir);
    return command.exec().getId();
  }

  static List<String> variables(Map<String, String> environment) {
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    return variables;
  }

  private int await(String container, ContainerRun run, Duration deadline) {
    try {
      return client
          .waitContainerCmd(container)
          .exec(new WaitContainerResultCallback())
          .awaitStatusCode(deadline.toSeconds(), TimeUnit.SECONDS);
    } catch (DockerClientException e) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          String.join(" ", run.arguments()) + " did not end within " + deadline.toSeconds() + " s.",
          "Look for something that waits for ever; its last words: "
              + output(container, -1).tail(5),
          e);
    }
  }

  private CommandResult output(String container, int status) {
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    ResultCallback.Adapter<Frame> frames =
        new ResultCallback.Adapter<>() {
          @Override
          public void onNext(Frame frame) {
            String text = new String(frame.getPayload(), StandardCharsets.UTF_8);
            (frame.getStreamType() == StreamType.STDERR ? err : out).append(text);
          }
        };
    try {
      client
          .logContainerCmd(container)
          .withStdOut(true)
          .withStdErr(true)
          .exec(frames)
          .awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ExitCode.REFUSED, "Interrupted.", "Run it again.", e);
    }
    return new CommandResult(status, out.toString(), err.toString());
  }
}
