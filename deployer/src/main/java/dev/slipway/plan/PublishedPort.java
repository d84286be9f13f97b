package dev.slipway.plan;

import java.util.Set;

/**
 * Where a server takes connections for a container.
 *
 * @param address by which the server itself reaches it
 * @param number the port
 */
public record PublishedPort(String address, int number) {

  private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::");

  /**
   * The port as the engine tells it, which names every address by one that nobody can connect to.
   */
  public static PublishedPort of(String address, int number) {
    return new PublishedPort(EVERY_ADDRESS.contains(address) ? "127.0.0.1" : address, number);
  }
}
