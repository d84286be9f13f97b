package dev.slipway.deploy;

import dev.slipway.deploy.server.Server;
import dev.slipway.effect.http.EdgePorts;
import dev.slipway.plan.PublishedPort;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ports of a container on the server, each reached through a tunnel.
 *
 * @param published where the server reaches them, by the container's port
 */
record PortsOnServer(Server server, Map<Integer, PublishedPort> published) implements EdgePorts {

  @Override
  public Set<Integer> all() {
    return published.keySet();
  }

  @Override
  public Optional<Integer> reachedAs(int number) {
    return published.entrySet().stream()
        .filter(port -> port.getValue().number() == number)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public Way open(int port) throws IOException {
    PublishedPort there = published.get(port);
    if (there == null) {
      throw new IOException("port " + port + " is not published");
    }
    Server.Tunnel tunnel = server.tunnel(there.address(), there.number());
    return new Way("127.0.0.1", tunnel.localPort(), tunnel::close);
  }
}
