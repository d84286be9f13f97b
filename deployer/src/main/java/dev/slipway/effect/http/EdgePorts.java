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

  /** A way to a port. */
  interface Way extends AutoCloseable {

    /** The host to connect to. */
    String host();

    /** The port of that host. */
    int port();

    @Override
    void close();
  }
}
