package dev.slipway.effect.http;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The TCP ports that an edge publishes, each named by what it is in the edge's container. */
public interface EdgePorts {

  /** All of them. */
  Set<Integer> all();

  /** The one that visitors reach by this number. */
  Optional<Integer> reachedAs(int number);

  /**
   * Opens a way to one.
   *
   * @throws IOException when there is none
   */
  Way open(int port) throws IOException;

  /**
   * A way to a port.
   *
   * @param host the host to connect to
   * @param port the port of that host
   * @param end ends the way
   */
  record Way(String host, int port, Runnable end) implements AutoCloseable {

    /** One that has no end. */
    public Way(String host, int port) {
      this(host, port, () -> {});
    }

    @Override
    public void close() {
      end.run();
    }
  }
}
