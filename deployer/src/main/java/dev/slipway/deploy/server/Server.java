package dev.slipway.deploy.server;

import dev.slipway.command.Shell;

/** The server: runs commands, and lets one of its own ports be reached from here. */
public interface Server extends Shell {

  /** The server as a user names it, such as {@code deploy@host}. */
  String name();

  /** Whether its SSH server lets a port that it reaches be reached from here, open or not. */
  boolean allowsTunnel(String host, int remotePort);

  /** Makes a port that the server reaches reachable from here until it is closed. */
  Tunnel tunnel(String host, int remotePort);

  /**
   * Makes a port of this machine's loopback address reachable on the server's until it is closed.
   */
  Offer offer(int localPort);

  /** A way from the server to a port of this machine. */
  interface Offer extends AutoCloseable {

    /** The port on the server's loopback address. */
    int remotePort();

    @Override
    void close();
  }

  /** A way to a port of the server. */
  interface Tunnel extends AutoCloseable {

    /** The port on this machine's loopback address. */
    int localPort();

    @Override
    void close();
  }
}
