package dev.slipway.effect.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.OutputRecorder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command on the server in an exec channel of its own.
 *
 * <p>JSch's session thread writes straight into the recorders, so neither output can fill a pipe
 * and block, and once the channel is closed both are complete and the exit status is set (mwiede
 * jsch #717, maven-wagon #489).
 */
final class RemoteCommand {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);

  /**
   * Tells its process group, which is its own as sshd starts it, and another's where the account's
   * key has a {@code command=} that runs it; stays to report a signal as a status. The group 0 is
   * one that is not seen from here, and 1 would be everybody's. Both outputs are told it, since a
   * login script may have written to either, and on standard error without a line end.
   */
  private static final String SCRIPT =
      "set -- \"$1\" \"$0 $(group=; { read -r pid name state parent group rest < \"/proc/$$/stat\"; } 2>/dev/null;"
          + " [ \"${group:-0}\" -gt 1 ] 2>/dev/null || group=$$; echo \"$group\")\";"
          + " echo \"$2\"; printf \"\\n%s\\n\" \"$2\" >&2; eval \"$1\"; exit \"$?\"";

  private final ChannelExec channel;
  private final OutputRecorder output;
  private final OutputRecorder errors;
  private final CompletableFuture<Long> processGroup = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private RemoteCommand(ChannelExec channel, ShellCommand command, Consumer<String> lines) {
    this.channel = channel;
    String word = "slipway-" + UUID.randomUUID();
    output = new OutputRecorder(lines);
    errors = new OutputRecorder(lines);
    channel.setCommand(
        ShellCommand.of("exec", "sh", "-c", SCRIPT, word, command.toShell()).toShell());
    channel.setOutputStream(ProcessIdMarker.onStandardOutput(word, output, processGroup));
    // JSch closes standard error last.
    channel.setErrStream(ProcessIdMarker.onStandardError(word, errors, processGroup, ended));
  }

  /**
   * Starts a command and gives it its input.
   *
   * <p>JSch's own way, {@code setInputStream}, starts a thread that a command which ends at once
   * takes away under its hands ("this.thread is null").
   *
   * @throws Refused when the server opens no channel, as when it has opened as many as it may
   * @throws JSchException when the connection is lost
   */
  static RemoteCommand start(
      Session session, ShellCommand command, Duration timeout, Consumer<String> lines)
      throws JSchException {
    ChannelExec channel = (ChannelExec) session.openChannel("exec");
    RemoteCommand remote = new RemoteCommand(channel, command, lines);
    byte[] input = command.input().map(Secret::reveal).orElse("").getBytes(StandardCharsets.UTF_8);
    try {
      OutputStream standardInput = channel.getOutputStream();
      channel.connect(Math.toIntExact(timeout.toMillis()));
      standardInput.write(input);
      standardInput.close();
    } catch (IOException ended) {
      LOG.debug("{} ended before it had read its input: {}", command, ended.getMessage());
    } catch (JSchException failure) {
      // JSch leaves the server's reason where the exit status would be.
      throw channel.getExitStatus() > 0 ? new Refused(failure) : failure;
    }
    return remote;
  }

  /** The server opens no channel for a command. */
  static final class Refused extends JSchException {

    private static final long serialVersionUID = 1;

    private Refused(JSchException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Waits until the server has closed the channel, or the connection is lost. */
  void awaitEnd(Duration patience) throws InterruptedException, TimeoutException {
    await(ended, patience);
  }

  /** The id of its process group; empty when it has not told within {@code patience}. */
  Optional<Long> processGroup(Duration patience) throws InterruptedException {
    try {
      return Optional.ofNullable(await(processGroup, patience));
    } catch (TimeoutException silent) {
      return Optional.empty();
    }
  }

  /** What it left; empty when the server never told its exit status. */
  Optional<CommandResult> result() {
    int status = channel.getExitStatus();
    return status < 0
        ? Optional.empty()
        : Optional.of(new CommandResult(status, output.text(), errors.text()));
  }

  /** Has this done when it has ended, or the connection is lost. */
  void whenEnded(Runnable action) {
    CompletableFuture<Void> unused = ended.whenComplete((nothing, failure) -> action.run());
  }

  /** Gives the channel back. */
  void close() {
    channel.disconnect();
  }

  private static <T> T await(CompletableFuture<T> future, Duration patience)
      throws InterruptedException, TimeoutException {
    try {
      return future.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
