package dev.slipway.deploy.swap;

import dev.slipway.SlipwayException;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Together;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ServiceSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Replaces containers so that no request is lost: the new ones stand beside the old ones, prove
 * themselves while the edge is kept from them, and take over in one moment. Later the old ones
 * finish what they have begun and go; until then there is a way back to them. What is left is as
 * compose itself would have left it.
 */
public final class Swap {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofMinutes(5);
  private static final Duration RELOAD = Duration.ofSeconds(30);

  private final Remote remote;
  private final Platform platform;
  private final SwapCommands commands;
  private final Instances instances;
  private final Edges edges;
  private final NewContainers newcomers;
  private final Drain drain;
  private final Clock clock;
  private final Consumer<Duration> pause;

  /**
   * A swap on a server.
   *
   * @param newcomers makes the containers that take over
   * @param pause waits as long as it is told
   */
  public Swap(
      Remote remote,
      Platform platform,
      SwapCommands commands,
      Instances instances,
      Edges edges,
      NewContainers newcomers,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.remote = remote;
    this.platform = platform;
    this.commands = commands;
    this.instances = instances;
    this.edges = edges;
    this.newcomers = newcomers;
    this.drain = new Drain(remote, commands, instances, log, clock, pause);
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Has new containers of services take over; the old ones stay, and get no request any more.
   *
   * @param compose with the variables of the release
   * @param services each after those that it joins
   * @param version what the new backend must answer
   * @param watch sees whether the edge reaches them then
   * @param serving told when the new containers have taken over
   * @throws SlipwayException when the new containers do not become well, and then the old ones
   *     serve as before, and the new ones are gone; or when the edge does not reach them, and then
   *     it was turned back to the old ones
   */
  public void run(
      ComposeCommands compose,
      List<String> services,
      Optional<String> version,
      Optional<EdgeWatch> watch,
      Runnable serving) {
    remote.require(commands.begin(), SHORT);
    Containers now = instances.look();
    List<Instance> old = now.standing(services);
    EdgeGate gate = gate(edge(now));
    boolean reloading = gate.state().needsReload(Set.copyOf(services));
    List<Instance> next;
    try {
      List<String> made = new ArrayList<>();
      Together.run(
          () -> made.addAll(newcomers.create(compose, now, services)), gate::admitNoNewcomers);
      remote.require(commands.host().start(made), SHORT);
      Instant started = clock.instant();
      next = instances.now(made);
      prove(next, version, gate);
      if (!reloading) {
        gate.awaitKnown(started);
      }
      watch.ifPresent(EdgeWatch::begin);
    } catch (RuntimeException failure) {
      Undisturbed.run(
          () -> {
            discard(gate, Set.copyOf(services));
            return services;
          });
      throw failure;
    }
    serving.run();
    turnFrom(old, gate, reloading);
    try {
      watch.ifPresent(EdgeWatch::require);
    } catch (RuntimeException failure) {
      Undisturbed.run(
          () -> {
            turnFrom(next, gate, reloading);
            return next;
          });
      throw failure;
    }
  }

  private void prove(List<Instance> next, Optional<String> version, EdgeGate gate) {
    Together.run(() -> newcomers.prove(next, version), () -> gate.refuse(next));
  }

  /**
   * Keeps the edge from containers. An edge that looks names up once must know the others before:
   * its workers that know these alone, or that were refused by the others a moment ago, would have
   * nowhere to go. And afterwards none may have a connection to these that it keeps for later.
   *
   * @see <a href="https://nginx.org/en/docs/http/ngx_http_upstream_module.html">nginx, fail_timeout
   *     and keepalive</a>
   */
  private void turnFrom(List<Instance> leaving, EdgeGate gate, boolean reloading) {
    if (reloading) {
      gate.admitAll();
      boolean loaded = gate.lookAgain(RELOAD);
      if (!loaded && leaving.stream().noneMatch(Instance::isNext)) {
        throw gate.notLoaded(RELOAD);
      }
    }
    gate.turnFrom(leaving);
    if (reloading) {
      gate.lookAgain(RELOAD);
    }
  }

  /** Has the old containers beside new ones finish and go, if a swap is going on. */
  public void retire() {
    noteThatNewStay().ifPresent(this::finish);
  }

  /** From here on a swap that is cut off ends with the new containers. */
  public void keepNew() {
    noteThatNewStay();
  }

  /** What there is, if a swap is going on. */
  private Optional<Containers> noteThatNewStay() {
    if (!remote.tried(commands.isCutOff(), SHORT)) {
      return Optional.empty();
    }
    Containers now = instances.look();
    List<Instance> old =
        now.standing().values().stream()
            .filter(several -> several.stream().anyMatch(Instance::isNext))
            .flatMap(List::stream)
            .filter(each -> !each.isNext())
            .toList();
    if (old.isEmpty()) {
      return Optional.of(now);
    }
    remote.require(commands.noteStopping(ids(old)), SHORT);
    return Optional.of(now.stopping(old));
  }

  /** The old ones have been refused; they finish, go, and leave their names. */
  private void letGo(List<Instance> old, List<Instance> next, EdgeGate gate, Set<String> services) {
    drain.await(old.stream().filter(each -> !each.joinsNetwork()).toList(), gate.image());
    remote.require(commands.noteStopping(ids(old)), SHORT);
    stop(old.stream().filter(each -> each.joined().isEmpty()).toList());
    stop(old.stream().filter(each -> !each.joined().isEmpty()).toList());
    Instant gone = clock.instant();
    remote.require(commands.remove(ids(old)), SHORT);
    newcomers.takeNames(next);
    forget(gone, gate, services);
  }

  private void stop(List<Instance> old) {
    if (!old.isEmpty()) {
      remote.require(commands.host().stop(ids(old)), STOP);
    }
  }

  private void forget(Instant gone, EdgeGate gate, Set<String> services) {
    if (gate.state().needsReload(services)) {
      gate.lookAgain(RELOAD);
      gate.admitAll();
    } else {
      gate.admitAllWhenForgotten(gone);
    }
    remote.require(commands.end(), SHORT);
  }

  /**
   * Gives a swap up. The edge is kept from the removed containers' addresses until it has forgotten
   * them, since one that nobody has any more is silent.
   */
  private void discard(EdgeGate gate, Set<String> services) {
    if (newcomers.remove(services) && !gate.state().looksUpOnce(services)) {
      forget(clock.instant(), gate, services);
      return;
    }
    gate.admitAll();
    remote.require(commands.end(), SHORT);
  }

  /**
   * Brings a swap that was cut off to an end: the older container stays, where it runs and was not
   * told to stop.
   */
  public void finish() {
    finish(instances.look());
  }

  private void finish(Containers now) {
    List<Instance> spare = now.spare();
    if (!spare.isEmpty()) {
      remote.require(commands.remove(ids(spare)), SHORT);
    }
    Set<String> services = new LinkedHashSet<>();
    List<Instance> leaving = new ArrayList<>();
    List<Instance> staying = new ArrayList<>();
    now.standing()
        .forEach(
            (service, several) -> {
              if (several.stream().anyMatch(Instance::isNext)) {
                services.add(service);
                several.stream().limit(1).filter(Instance::isNext).forEach(staying::add);
                several.stream().skip(1).forEach(leaving::add);
              }
            });
    Optional<EdgeGate> gate =
        edgeService().map(now::standing).filter(each -> each.runs()).map(this::gate);
    if (gate.isPresent()) {
      settle(leaving, staying, gate.get(), services);
      return;
    }
    if (!leaving.isEmpty()) {
      remote.require(commands.remove(ids(leaving)), STOP);
    }
    newcomers.takeNames(staying);
    remote.require(commands.end(), SHORT);
  }

  private void settle(
      List<Instance> leaving, List<Instance> staying, EdgeGate gate, Set<String> services) {
    if (leaving.isEmpty()) {
      newcomers.takeNames(staying);
      forget(clock.instant(), gate, services);
    } else {
      boolean back = leaving.stream().anyMatch(Instance::isNext);
      turnFrom(leaving, gate, back && gate.state().needsReload(services));
      letGo(leaving, staying, gate, services);
    }
  }

  private EdgeGate gate(Instance edge) {
    return new EdgeGate(remote, commands, edge, edges.look(edge), clock, pause);
  }

  private Instance edge(Containers now) {
    return now.standing(edgeService().orElseThrow());
  }

  private Optional<String> edgeService() {
    return platform.service(Role.EDGE).map(ServiceSpec::name);
  }

  private static List<String> ids(Collection<Instance> instances) {
    return instances.stream().map(Instance::id).toList();
  }
}
