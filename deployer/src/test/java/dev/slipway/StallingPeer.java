package dev.slipway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A peer that begins each answer and then says nothing more. */
public final class StallingPeer implements AutoCloseable {

  private final ServerSocket door;
  private final byte[] said;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CompletableFuture<Void> hungUp = new CompletableFuture<>();

  private StallingPeer(byte[] said) throws IOException {
    this.said = said;
    door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    threads.execute(this::receive);
  }

  /** One that says these headers, announces so many bytes and sends the first of them. */
  public static StallingPeer after(String headers, int length, String begin) throws IOException {
    return new StallingPeer(
        (headers + "\r\nContent-Length: " + length + "\r\n\r\n" + begin).getBytes(US_ASCII));
  }

  /** Where it listens. */
  public URI address(String path) {
    return URI.create("http://127.0.0.1:" + door.getLocalPort() + path);
  }

  /** Waits until somebody has hung up. */
  public void awaitHangUp() throws Exception {
    hungUp.get(20, TimeUnit.SECONDS);
  }

  private void receive() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        threads.execute(() -> begin(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void begin(Socket client) {
    try (client) {
      BufferedReader request =
          new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      String header = request.readLine();
      while (header != null && !header.isEmpty()) {
        header = request.readLine();
      }
      client.getOutputStream().write(said);
      client.getOutputStream().flush();
      while (request.read() >= 0) {
        // Its body, if it has one.
      }
    } catch (IOException reset) {
      // Hung up, too.
    }
    hungUp.complete(null);
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdownNow();
  }
}
