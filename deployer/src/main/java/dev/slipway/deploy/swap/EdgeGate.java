package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Remote;
import dev.slipway.plan.EdgeState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides for the edge that runs which containers it may open new connections to. A refused
 * connection (RST) makes nginx go on to the next address at once, for a POST too, since nothing was
 * sent yet; a silent address would make it wait.
 *
 * @see <a
 *     href="https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream">nginx,
 *     proxy_next_upstream</a>
 */
final class EdgeGate {

  /** An address that the engine does not have, or one of IPv6, makes a rule that is none. */
  private static final Pattern OF_AN_ADDRESS = Pattern.compile("-A SLIPWAY -d [0-9./]+ -[jp] .*");

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Remote remote;
  private final SwapCommands commands;
  private final Instance edge;
  private final EdgeState state;
  private final Clock clock;
  private final Consumer<Duration> pause;

  /** The gate of an edge that is in this state. */
  EdgeGate(
      Remote remote,
      SwapCommands commands,
      Instance edge,
      EdgeState state,
      Clock clock,
      Consumer<Duration> pause) {
    this.remote = remote;
    this.commands = commands;
    this.edge = edge;
    this.state = state;
    this.clock = clock;
    this.pause = pause;
  }

  /** The edge's image, which has programs that others may lack. */
  String image() {
    return edge.image();
  }

  /** How the edge finds services. */
  EdgeState state() {
    return state;
  }

  /** Keeps the edge from every container of its networks that is not there yet. */
  void admitNoNewcomers() {
    if (!state.refuses()) {
      return;
    }
    List<String> rules = new ArrayList<>();
    List<String> subnets = new ArrayList<>();
    CommandResult told = remote.require(commands.networks(edge.networks()), DEADLINE);
    for (JsonNode network : Json.tree(told.standardOutput())) {
      network
          .path("Containers")
          .forEach(
              container ->
                  rules.add(
                      "-A SLIPWAY -d "
                          + container.path("IPv4Address").asText().replaceFirst("/.*", "")
                          + " -j RETURN"));
      for (JsonNode range : network.at("/IPAM/Config")) {
        rules.add("-A SLIPWAY -d " + range.path("Gateway").asText() + " -j RETURN");
        subnets.add(range.path("Subnet").asText());
      }
    }
    subnets.forEach(subnet -> rules.add(rejecting(subnet)));
    apply(rules);
  }

  /** Keeps the edge from these containers, and from no others. */
  void refuse(Collection<Instance> refused) {
    if (state.refuses()) {
      apply(rejecting(addresses(refused)));
    }
  }

  /** The same, where the edge was kept from others: no request may meet both refusals. */
  void turnFrom(Collection<Instance> leaving) {
    Set<String> addresses = addresses(leaving);
    if (addresses.isEmpty() || !state.refuses()) {
      refuse(leaving);
      return;
    }
    String one = addresses.iterator().next();
    String rules = text(rejecting(addresses));
    remote.require(commands.turnFrom(edge.id(), edge.image(), one, rules), DEADLINE);
  }

  private Set<String> addresses(Collection<Instance> instances) {
    Set<String> addresses = new TreeSet<>();
    instances.forEach(
        each ->
            each.addresses()
                .forEach(
                    (network, address) -> {
                      if (edge.networks().contains(network)) {
                        addresses.add(address);
                      }
                    }));
    return addresses;
  }

  private static List<String> rejecting(Set<String> addresses) {
    return addresses.stream().map(EdgeGate::rejecting).toList();
  }

  private static String rejecting(String address) {
    return "-A SLIPWAY -d " + address + " -p tcp --syn -j REJECT --reject-with tcp-reset";
  }

  private void apply(List<String> rules) {
    remote.require(commands.refuse(edge.id(), edge.image(), text(rules)), DEADLINE);
  }

  private static String text(List<String> rules) {
    return "*filter\n:SLIPWAY - [0:0]\n"
        + rules.stream()
            .filter(rule -> OF_AN_ADDRESS.matcher(rule).matches())
            .map(rule -> rule + "\n")
            .collect(Collectors.joining())
        + "COMMIT\n";
  }

  /** Keeps the edge from nothing any more. */
  void admitAll() {
    admitAll(Duration.ZERO);
  }

  /** The same, as soon as it has forgotten the addresses of containers that went then. */
  void admitAllWhenForgotten(Instant gone) {
    admitAll(leftOfMemory(gone));
  }

  /**
   * Waits until it knows the addresses of containers that were started then: as long as it goes by
   * an older answer, it has nobody but those from which it is about to be kept.
   */
  void awaitKnown(Instant started) {
    Duration left = leftOfMemory(started);
    if (!left.isZero()) {
      pause.accept(left);
    }
  }

  /** For how long it may go by what it looked up before then; nginx counts in whole seconds. */
  private Duration leftOfMemory(Instant then) {
    Duration left = Duration.between(clock.instant(), then.plus(state.memory()).plusSeconds(1));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void admitAll(Duration from) {
    if (state.refuses()) {
      remote.require(commands.acceptAll(edge.id(), edge.image(), from), DEADLINE.plus(from));
    }
  }

  /**
   * Has nginx look up every name again, and waits until nobody works by the old answers.
   *
   * @return whether somebody works by new ones; nginx goes on by the old ones when it cannot load
   *     its configuration
   */
  boolean lookAgain(Duration patience) {
    Set<String> before = workers(remote.require(commands.processes(edge.id()), DEADLINE));
    remote.require(commands.reload(edge.id()), DEADLINE);
    Instant end = clock.instant().plus(patience);
    boolean loaded = false;
    while (clock.instant().isBefore(end)) {
      Set<String> now = workers(remote.require(commands.processes(edge.id()), DEADLINE));
      loaded = !before.containsAll(now);
      if (loaded && now.stream().noneMatch(before::contains)) {
        return true;
      }
      pause.accept(PAUSE);
    }
    return loaded;
  }

  /** Why nginx goes on by the old answers. */
  SlipwayException notLoaded(Duration waited) {
    CommandResult dump = remote.run(commands.host().nginxConfiguration(edge.id()), DEADLINE);
    if (dump.succeeded()) {
      return new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "nginx was told to load its configuration again (SIGHUP), and though that is free of errors"
              + " no new worker came within "
              + waited.toSeconds()
              + " s; so it does not find the new containers.",
          "See on the server whether `docker exec "
              + edge.name()
              + " nginx -s reload` does it, and what `docker logs "
              + edge.name()
              + "` says then.");
    }
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "nginx cannot load its configuration again, and so does not find the new containers: "
            + Edges.objection(dump)
            + ".",
        "Run `nginx -t` in its container; what it mounts from the checkout may be at fault.");
  }

  private static Set<String> workers(CommandResult processes) {
    return processes
        .standardOutput()
        .lines()
        .filter(line -> line.contains("nginx: worker process"))
        .map(line -> line.strip().replaceFirst("\\s.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
