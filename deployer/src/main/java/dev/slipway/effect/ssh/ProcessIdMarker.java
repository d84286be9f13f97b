package dev.slipway.effect.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A remote command's standard error without the line in which the command tells its process group;
 * what a login script writes before that line passes through.
 */
final class ProcessIdMarker extends OutputStream {

  private final String word;
  private final OutputStream rest;
  private final CompletableFuture<Void> ended;
  private final CompletableFuture<Long> processId = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  ProcessIdMarker(String word, OutputStream rest, CompletableFuture<Void> ended) {
    this.word = word;
    this.rest = rest;
    this.ended = ended;
  }

  /** The group's id, once the command has told it. */
  CompletableFuture<Long> processId() {
    return processId;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    while (!processId.isDone() && at < offset + length) {
      byte value = bytes[at++];
      line.write(value);
      if (value == '\n') {
        endLine();
      }
    }
    rest.write(bytes, at, offset + length - at);
  }

  private void endLine() throws IOException {
    String text = line.toString(StandardCharsets.UTF_8).strip();
    if (text.matches(word + " \\d+")) {
      processId.complete(Long.parseLong(text.substring(word.length() + 1)));
    } else {
      line.writeTo(rest);
    }
    line.reset();
  }

  /** Called when the channel is closed, however that came about. */
  @Override
  public void close() throws IOException {
    try {
      line.writeTo(rest);
      line.reset();
      rest.close();
    } finally {
      ended.complete(null);
    }
  }
}
