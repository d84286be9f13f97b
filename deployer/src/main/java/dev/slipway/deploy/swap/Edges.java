package dev.slipway.deploy.swap;

import dev.slipway.command.CommandResult;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.deploy.server.Remote;
import dev.slipway.plan.EdgeState;
import dev.slipway.plan.NginxConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Looks at edges, once at each: what one has loaded may not be what its files say later. */
public final class Edges {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Remote remote;
  private final SwapCommands commands;
  private final Set<String> services;
  private final Map<String, EdgeState> seen = new HashMap<>();

  /** A look at the edges of a platform that has these services. */
  public Edges(Remote remote, SwapCommands commands, Set<String> services) {
    this.remote = remote;
    this.commands = commands;
    this.services = Set.copyOf(services);
  }

  /** How an edge finds services, and whether it can be kept from them. */
  public EdgeState look(Instance edge) {
    return seen.computeIfAbsent(edge.id(), id -> lookAt(edge));
  }

  private EdgeState lookAt(Instance edge) {
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<Boolean> refuses =
          inquiry.ask(() -> remote.tried(commands.canRefuse(edge.id(), edge.image()), DEADLINE));
      CommandResult dump = remote.run(commands.nginxConfiguration(edge.id()), DEADLINE);
      return NginxConfiguration.read(
          dump.succeeded() ? dump.standardOutput() : "", services, refuses.get(), edge.hasIpv6());
    }
  }
}
