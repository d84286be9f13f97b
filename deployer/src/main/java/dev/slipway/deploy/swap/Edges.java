package dev.slipway.deploy.swap;

import dev.slipway.command.CommandResult;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.deploy.server.Remote;
import dev.slipway.plan.EdgeState;
import dev.slipway.plan.EdgeState.LiteralUpstream;
import dev.slipway.plan.NginxConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Looks at edges, once at each: what one has loaded may not be what its files say later. */
public final class Edges {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** What docker exits with when a container lacks a program or may not run it. */
  private static final Set<Integer> NO_PROGRAM = Set.of(126, 127);

  private final Remote remote;
  private final SwapCommands commands;
  private final Map<String, String> names;
  private final Map<String, EdgeState> seen = new HashMap<>();

  /** A look at the edges of a platform whose services go by these names. */
  public Edges(Remote remote, SwapCommands commands, Map<String, String> names) {
    this.remote = remote;
    this.commands = commands;
    this.names = Map.copyOf(names);
  }

  /** How an edge finds services, and whether it can be kept from them. */
  public EdgeState look(Instance edge) {
    return seen.computeIfAbsent(edge.id(), id -> lookAt(edge));
  }

  private EdgeState lookAt(Instance edge) {
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<Boolean> refuses =
          inquiry.ask(() -> remote.tried(commands.canRefuse(edge.id(), edge.image()), DEADLINE));
      CommandResult dump = remote.run(commands.host().nginxConfiguration(edge.id()), DEADLINE);
      return dump.succeeded()
          ? NginxConfiguration.read(dump.standardOutput(), names, refuses.get(), edge.hasIpv6())
          : unread(dump, refuses.get(), edge.hasIpv6());
    }
  }

  /**
   * What runs may be well all the same: a name that leads nowhere now may be that of what this
   * deployment mends, and nginx may have been started in another way than it is asked here. Every
   * name counts as looked up once then.
   */
  private EdgeState unread(CommandResult dump, boolean refuses, boolean ipv6) {
    if (NO_PROGRAM.contains(dump.exitStatus())) {
      return new EdgeState(
          List.of(), Duration.ZERO, refuses, false, Optional.of("the edge has no nginx to ask"));
    }
    String said = objection(dump);
    List<LiteralUpstream> literals =
        names.values().stream()
            .distinct()
            .map(service -> new LiteralUpstream(service, "nginx -T", said))
            .toList();
    return new EdgeState(literals, Duration.ZERO, refuses, ipv6, Optional.of(said));
  }

  /** What nginx has against its configuration. */
  static String objection(CommandResult dump) {
    return dump.standardError()
        .lines()
        .filter(line -> line.contains("[emerg]"))
        .findFirst()
        .orElseGet(() -> dump.tail(1));
  }
}
