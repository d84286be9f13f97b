package dev.slipway.effect.http.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port before an HTTP server that tells clients at once when they try TLS.
 *
 * <p>Engines do so first, on their own loopback too. The JDK's server would wait for the end of a
 * line, the engine for ten seconds, and the one with images in containerd would then give up: only
 * an answer that begins with {@code HTTP/} has it try without TLS.
 *
 * @see <a href="https://github.com/golang/go/blob/go1.22.0/src/net/http/transport.go">net/http:
 *     "server gave HTTP response to HTTPS client"</a>
 */
final class PlainDoor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PlainDoor.class);
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int BACKLOG = 16;
  private static final int FAREWELL_MILLIS = 5000;
  private static final byte[] SPEAK_HTTP =
      "HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket door;
  private final int inside;
  private final ExecutorService threads;

  /** Opens a free port of the loopback that leads to another one. */
  PlainDoor(int inside, ExecutorService threads) throws IOException {
    this.door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    this.inside = inside;
    this.threads = threads;
    threads.execute(this::receive);
  }

  int port() {
    return door.getLocalPort();
  }

  private void receive() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        threads.execute(() -> admit(client));
      } catch (IOException closed) {
        LOG.debug("no more clients: {}", closed.getMessage());
      }
    }
  }

  private void admit(Socket client) {
    try (client) {
      InputStream said = client.getInputStream();
      int first = said.read();
      if (first == TLS_HANDSHAKE) {
        sendAway(client);
      } else if (first >= 0) {
        lead(client, first);
      }
    } catch (IOException cut) {
      LOG.debug("a client was cut off: {}", cut.getMessage());
    }
  }

  /** Hears it out: to close on words that were not read resets the connection, answer and all. */
  private static void sendAway(Socket client) throws IOException {
    client.setSoTimeout(FAREWELL_MILLIS);
    client.getOutputStream().write(SPEAK_HTTP);
    client.shutdownOutput();
    client.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private void lead(Socket client, int first) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), inside)) {
      server.getOutputStream().write(first);
      threads.execute(() -> answer(server, client));
      client.getInputStream().transferTo(server.getOutputStream());
      server.shutdownOutput();
    }
  }

  private static void answer(Socket server, Socket client) {
    try {
      server.getInputStream().transferTo(client.getOutputStream());
      client.shutdownOutput();
    } catch (IOException cut) {
      LOG.debug("an answer was cut off: {}", cut.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
