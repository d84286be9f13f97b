package dev.slipway.pipeline.rehearsal;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A websocket that listens, to its end. */
final class Ticks implements WebSocket.Listener {

  private static final int PATIENCE_SECONDS = 60;

  private final CompletableFuture<String> first = new CompletableFuture<>();
  private final CompletableFuture<Integer> end = new CompletableFuture<>();

  private Ticks() {}

  /** Listens behind the edge at this address. */
  static Ticks of(String address) {
    Ticks ticks = new Ticks();
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create(address.replaceFirst("^http", "ws") + "/api/ticks"), ticks)
        .join();
    return ticks;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
    first.complete(data.toString());
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    end.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    first.completeExceptionally(error);
    end.completeExceptionally(error);
  }

  /** What it hears first. */
  String awaitOne() throws ExecutionException, InterruptedException, TimeoutException {
    return first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The code of the close frame; a connection that just breaks off has none and fails. */
  int awaitEnd() throws ExecutionException, InterruptedException, TimeoutException {
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
