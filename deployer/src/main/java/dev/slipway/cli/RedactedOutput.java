package dev.slipway.cli;

import dev.slipway.deploy.log.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The last thing that a line passes on its way out, whoever wrote it: text, JSON, help, diagnostics
 * of a library. It shows whole lines only, since half a secret would not be known.
 */
final class RedactedOutput extends OutputStream {

  private final PrintStream out;
  private final Redaction redaction;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private RedactedOutput(PrintStream out, Redaction redaction) {
    this.out = out;
    this.redaction = redaction;
  }

  /** A stream over another, which stays open when this one is closed. */
  static PrintStream over(PrintStream out, Redaction redaction) {
    return new PrintStream(new RedactedOutput(out, redaction), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int value) throws IOException {
    line.write(value);
    if (value == '\n') {
      show();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, from, i + 1 - from);
        show();
        from = i + 1;
      }
    }
    line.write(bytes, from, offset + length - from);
  }

  /**
   * The line that a terminal shows of a running step never ends; it is whole when it is flushed.
   */
  @Override
  public synchronized void flush() throws IOException {
    if (line.toString(StandardCharsets.UTF_8).startsWith("\r")) {
      show();
    }
    out.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    show();
    out.flush();
  }

  /** A stream that nobody reads any more keeps that to itself, but for whoever asks. */
  private void show() throws IOException {
    String text = redaction.apply(line.toString(StandardCharsets.UTF_8));
    line.reset();
    out.print(text);
    if (out.checkError()) {
      throw new IOException("nobody reads the output");
    }
  }
}
