package dev.slipway.effect.process;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps all that a command writes to one of its outputs and tells of each line as it comes. */
public final class OutputRecorder extends OutputStream {

  private final Consumer<String> lines;
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable RuntimeException watcherFailure;

  /** Creates a recorder that tells {@code lines}. */
  public OutputRecorder(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public synchronized void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    all.write(bytes, offset, length);
    int start = offset;
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        line.write(bytes, start, at - start);
        tellLine();
        start = at + 1;
      }
    }
    line.write(bytes, start, offset + length - start);
  }

  /** Tells of a last line without a line end. */
  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      tellLine();
    }
  }

  /**
   * All that was written, as UTF-8.
   *
   * @throws RuntimeException what the watcher of the lines threw, kept until the command had ended
   */
  public synchronized String text() {
    if (watcherFailure != null) {
      throw watcherFailure;
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  private void tellLine() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (watcherFailure != null) {
      return;
    }
    try {
      lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    } catch (RuntimeException failure) {
      watcherFailure = failure;
    }
  }
}
