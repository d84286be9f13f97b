package dev.slipway.effect.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that ends with an error when nothing more comes: the timeout of
 * Java's requests ends with the headers.
 *
 * @see <a href="https://bugs.openjdk.org/browse/JDK-8208693">JDK-8208693</a>
 */
public final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<TimedBody> {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** What came: some bytes, the end, or why there is none. */
  private record Piece(ByteBuffer bytes, boolean last, @Nullable Throwable failure) {}

  private final Duration patience;
  private final BlockingQueue<Piece> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private Piece current = new Piece(NOTHING, false, null);

  private TimedBody(Duration patience) {
    this.patience = patience;
  }

  /** Hands over the body as soon as the headers are there; each read waits so long at most. */
  public static HttpResponse.BodyHandler<TimedBody> handler(Duration patience) {
    return head -> new TimedBody(patience);
  }

  /**
   * All of it.
   *
   * @param within how long it may take
   * @param most how many bytes it may have
   * @throws HttpTimeoutException when it takes longer
   * @throws IOException when it is longer, or breaks off
   */
  public byte[] whole(Duration within, int most) throws IOException, InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (has(end - System.nanoTime())) {
      byte[] bytes = new byte[current.bytes().remaining()];
      current.bytes().get(bytes);
      if (all.size() + bytes.length > most) {
        throw new IOException("the answer is longer than " + most / 1024 + " KiB");
      }
      all.write(bytes);
    }
    return all.toByteArray();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      if (!has(patience.toNanos())) {
        return -1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException().initCause(e);
    }
    int count = Math.min(length, current.bytes().remaining());
    current.bytes().get(buffer, offset, count);
    return count;
  }

  /** Waits for bytes; false at the end. */
  private boolean has(long nanos) throws IOException, InterruptedException {
    long end = System.nanoTime() + nanos;
    while (!current.bytes().hasRemaining() && !current.last()) {
      CompletableFuture<Void> unused = subscription.thenAccept(source -> source.request(1));
      Piece next = arrived.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new HttpTimeoutException("the answer stopped in the middle");
      }
      current = next;
    }
    if (current.failure() != null) {
      throw new IOException(current.failure().getMessage(), current.failure());
    }
    return current.bytes().hasRemaining();
  }

  /** Ends the connection, too, when not all of it has come. */
  @Override
  public void close() {
    CompletableFuture<Void> unused = subscription.thenAccept(Flow.Subscription::cancel);
    arrived.add(new Piece(NOTHING, true, new IOException("closed")));
  }

  @Override
  public CompletionStage<TimedBody> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    ByteBuffer bytes = ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
    buffers.forEach(bytes::put);
    arrived.add(new Piece(bytes.flip(), false, null));
  }

  @Override
  public void onError(Throwable failure) {
    arrived.add(new Piece(NOTHING, true, failure));
  }

  @Override
  public void onComplete() {
    arrived.add(new Piece(NOTHING, true, null));
  }
}
