package dev.slipway.pipeline;

import dev.slipway.effect.http.EdgePorts;
import dev.slipway.platform.compose.PortMapping;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An edge's ports where they are published by other numbers than in production.
 *
 * @param mappings what the compose file publishes
 * @param host where they answer
 * @param published by which number, by the container's port
 */
public record OpenPorts(List<PortMapping> mappings, String host, Map<Integer, Integer> published)
    implements EdgePorts {

  /** Copies. */
  public OpenPorts {
    mappings = List.copyOf(mappings);
    published = Map.copyOf(published);
  }

  @Override
  public Set<Integer> all() {
    return published.keySet();
  }

  @Override
  public Optional<Integer> reachedAs(int number) {
    return mappings.stream()
        .filter(mapping -> mapping.published().filter(port -> port == number).isPresent())
        .map(PortMapping::target)
        .filter(published::containsKey)
        .findFirst();
  }

  /** A way to the lowest. */
  Way lowest() throws IOException {
    return open(Collections.min(published.keySet()));
  }

  @Override
  public Way open(int port) throws IOException {
    Integer there = published.get(port);
    if (there == null) {
      throw new IOException("port " + port + " is not published");
    }
    return new Way(host, there);
  }
}
