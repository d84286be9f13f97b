package dev.slipway.pipeline.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests at a steady rate over kept-alive connections, whatever comes of them. */
final class Load implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ConcurrentLinkedQueue<CompletableFuture<?>> sent = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final ScheduledFuture<?> ticks;

  /**
   * A request that was not answered well.
   *
   * @param began when it was sent
   * @param what one line about it
   */
  record Failure(Instant began, String what) {

    @Override
    public String toString() {
      return began + " " + what;
    }
  }

  /**
   * Starts to send.
   *
   * @param perSecond requests a second
   * @param requests sent in turn
   */
  Load(int perSecond, List<HttpRequest> requests) {
    ticks =
        clock.scheduleAtFixedRate(
            () -> send(requests.get(next.getAndIncrement() % requests.size())),
            0,
            TimeUnit.SECONDS.toMicros(1) / perSecond,
            TimeUnit.MICROSECONDS);
  }

  /** Reads and writes in turn, through the edge of the sample platform. */
  static Load onSamplePlatform(String address, int perSecond) {
    return new Load(
        perSecond,
        List.of(
            get(address + "/api/products"),
            post(
                address + "/api/customers",
                """
                {"name": "Load", "contact_points": [{"kind": "email", "value": "load@platform.example"}]}
                """),
            get(address + "/")));
  }

  static HttpRequest get(String address) {
    return HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT).build();
  }

  private static HttpRequest post(String address, String body) {
    return HttpRequest.newBuilder(URI.create(address))
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private void send(HttpRequest request) {
    Instant began = Instant.now();
    sent.add(
        client
            .sendAsync(request, BodyHandlers.discarding())
            .handle((answer, failure) -> note(request, began, answer, failure)));
  }

  private boolean note(
      HttpRequest request,
      Instant began,
      @Nullable HttpResponse<Void> answer,
      @Nullable Throwable failure) {
    boolean failed = answer == null || answer.statusCode() >= 400;
    if (!failed && request.method().equals("POST")) {
      written.incrementAndGet();
    }
    if (failed) {
      String what = answer == null ? String.valueOf(failure) : "status " + answer.statusCode();
      failures.add(
          new Failure(
              began,
              "%s %s after %d ms: %s"
                  .formatted(
                      request.method(),
                      request.uri().getPath(),
                      Duration.between(began, Instant.now()).toMillis(),
                      what)));
    }
    return true;
  }

  /** Does some work while it goes on. */
  <T> T during(Supplier<T> work) {
    return work.get();
  }

  /** Stops sending and waits for every answer; what went wrong. */
  List<Failure> failures() {
    stop();
    return List.copyOf(failures);
  }

  /** How many requests were sent. */
  int requests() {
    return sent.size();
  }

  /** How many rows were written, as far as answers told. */
  int written() {
    return written.get();
  }

  private void stop() {
    ticks.cancel(false);
    clock.shutdown();
    sent.forEach(CompletableFuture::join);
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
