package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.ExecCreateCmd;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.slipway.command.Conversation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program in a running container that is talked to in lines. */
final class ContainerConversation implements Conversation {

  private static final int LAST_WORDS = 16_000;
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> input = new LinkedBlockingQueue<>();
  private final BlockingQueue<Optional<String>> heard = new LinkedBlockingQueue<>();
  private final StringBuilder errors = new StringBuilder();
  private final Output output = new Output();
  private volatile boolean ended;

  ContainerConversation(
      DockerClient client,
      String container,
      Optional<String> directory,
      Map<String, String> environment,
      List<String> command) {
    ExecCreateCmd create =
        client
            .execCreateCmd(container)
            .withAttachStdin(true)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withEnv(ContainerRunner.variables(environment))
            .withCmd(command.toArray(String[]::new));
    directory.ifPresent(create::withWorkingDir);
    client.execStartCmd(create.exec().getId()).withStdIn(new Input()).exec(output);
  }

  @Override
  public void say(String line) {
    if (ended) {
      return; // the engine's connection is closed, and a write to it ends in a stack trace
    }
    input.add((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> hear(Duration deadline) {
    if (ended) {
      return Optional.empty();
    }
    try {
      Optional<String> line = heard.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        return Optional.empty();
      }
      ended = line.isEmpty();
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public String lastWords() {
    synchronized (errors) {
      return errors.toString();
    }
  }

  private void complain(String text) {
    synchronized (errors) {
      errors.append(text);
      errors.delete(0, Math.max(0, errors.length() - LAST_WORDS));
    }
  }

  @Override
  public void close() {
    input.add(END);
    try {
      output.awaitCompletion(2, TimeUnit.SECONDS);
      output.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the engine what is said, as soon as it is said. */
  private final class Input extends InputStream {

    private byte[] current = {};
    private int next;
    private boolean over;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (over || !more()) {
        over = true;
        return -1;
      }
      int count = Math.min(length, current.length - next);
      System.arraycopy(current, next, target, offset, count);
      next += count;
      return count;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean more() {
      if (next < current.length) {
        return true;
      }
      // This thread is docker-java's own, and trips over a program that ended before its input did.
      Thread.currentThread()
          .setUncaughtExceptionHandler((thread, failure) -> complain(String.valueOf(failure)));
      try {
        current = input.take();
        next = 0;
        return current != END;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /** Cuts what the engine passes on into lines. */
  private final class Output extends ResultCallback.Adapter<Frame> {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void onNext(Frame frame) {
      if (frame.getStreamType() == StreamType.STDERR) {
        complain(new String(frame.getPayload(), StandardCharsets.UTF_8));
        return;
      }
      for (byte letter : frame.getPayload()) {
        if (letter == '\n') {
          heard.add(Optional.of(line.toString(StandardCharsets.UTF_8)));
          line.reset();
        } else {
          line.write(letter);
        }
      }
    }

    @Override
    public void onComplete() {
      heard.add(Optional.empty());
      super.onComplete();
    }

    @Override
    public void onError(Throwable failure) {
      complain(String.valueOf(failure));
      heard.add(Optional.empty());
      super.onError(failure);
    }
  }
}
