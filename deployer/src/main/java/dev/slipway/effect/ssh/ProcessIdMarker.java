package dev.slipway.effect.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One output of a remote command without the line in which the command tells its process group.
 * What a login script writes before that line passes through on standard error and is left out of
 * standard output, which is read as the command's answer.
 */
final class ProcessIdMarker extends OutputStream {

  private final Pattern marker;
  private final OutputStream rest;
  private final OutputStream before;
  private final ByteArrayOutputStream held;
  private final CompletableFuture<Long> processId;
  private final CompletableFuture<Void> ended;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean lineFeedBefore;
  private boolean found;

  private ProcessIdMarker(
      String word,
      OutputStream rest,
      OutputStream before,
      ByteArrayOutputStream held,
      CompletableFuture<Long> processId,
      CompletableFuture<Void> ended) {
    this.marker = Pattern.compile("(?s)(.*)" + Pattern.quote(word) + " (\\d+)\\s*");
    this.rest = rest;
    this.before = before;
    this.held = held;
    this.processId = processId;
    this.ended = ended;
  }

  /** What comes before the line is held, and passes when the line never comes. */
  static ProcessIdMarker onStandardOutput(
      String word, OutputStream rest, CompletableFuture<Long> processId) {
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    return new ProcessIdMarker(word, rest, held, held, processId, new CompletableFuture<>());
  }

  /** What comes before the line passes, but for the line feed that the line begins with. */
  static ProcessIdMarker onStandardError(
      String word,
      OutputStream rest,
      CompletableFuture<Long> processId,
      CompletableFuture<Void> ended) {
    return new ProcessIdMarker(word, rest, rest, new ByteArrayOutputStream(), processId, ended);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    while (!found && at < offset + length) {
      byte value = bytes[at++];
      if (value == '\n') {
        endLine();
      } else {
        line.write(value);
      }
    }
    rest.write(bytes, at, offset + length - at);
  }

  private void endLine() throws IOException {
    // A byte is a character, so that what is no text keeps its length.
    Matcher told = marker.matcher(line.toString(StandardCharsets.ISO_8859_1));
    if (told.matches()) {
      found = true;
      line.reset();
      line.writeBytes(told.group(1).getBytes(StandardCharsets.ISO_8859_1));
      lineFeedBefore &= line.size() > 0;
      pass();
      held.reset();
      processId.complete(Long.parseLong(told.group(2)));
    } else {
      boolean empty = line.size() == 0;
      pass();
      if (empty) {
        lineFeedBefore = true;
      } else {
        before.write('\n');
      }
    }
  }

  private void pass() throws IOException {
    if (lineFeedBefore) {
      before.write('\n');
      lineFeedBefore = false;
    }
    line.writeTo(before);
    line.reset();
  }

  /** Called when the channel is closed, however that came about. */
  @Override
  public void close() throws IOException {
    try {
      pass();
      if (!found) {
        held.writeTo(rest);
      }
      rest.close();
    } finally {
      ended.complete(null);
    }
  }
}
