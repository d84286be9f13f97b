package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Undisturbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the containers that are to take over, and has them prove that they can. */
public final class NewContainers {

  private static final Duration SHORT = Duration.ofSeconds(60);

  private final Remote remote;
  private final SwapCommands commands;
  private final Instances instances;
  private final Proof proof;

  /** New containers on a server, with the proof that is asked of them. */
  public NewContainers(Remote remote, SwapCommands commands, Instances instances, Proof proof) {
    this.remote = remote;
    this.commands = commands;
    this.instances = instances;
    this.proof = proof;
  }

  /**
   * Creates the containers that compose would create in place of old ones, and tells their ids. One
   * that joins another of them joins its new container.
   *
   * @param services each after those that it joins
   */
  List<String> create(ComposeCommands compose, Containers now, List<String> services) {
    List<Instance> seconds = seconds(compose, now, services);
    Wiring wiring = wiring(compose, now);
    Map<String, Instance> old = now.firsts();
    Map<String, String> successors = new HashMap<>();
    List<String> made = new ArrayList<>();
    for (String service : services) {
      Instance second = second(seconds, service);
      Optional<Instance> first = Optional.ofNullable(old.get(service));
      String next = created(second, first, wiring, successors, Instance.NEXT);
      Stream.concat(now.all().stream(), seconds.stream())
          .filter(each -> each.service().equals(service))
          .forEach(each -> successors.put(each.id(), next));
      made.add(next);
    }
    return made;
  }

  private Wiring wiring(ComposeCommands compose, Containers now) {
    return compose.connectsWhenStarting()
        ? Wiring.of(
            remote.require(compose.config(), SHORT).standardOutput(), compose.project(), now)
        : Wiring.asCreated(now);
  }

  /** The same of one, after it was well for a moment without its published ports. */
  Instance createTried(ComposeCommands compose, Containers now, Instance old) {
    Instance second = second(seconds(compose, now, List.of(old.service())), old.service());
    Optional<Instance> first = Optional.of(old);
    Wiring wiring = wiring(compose, now);
    String trial = created(second, first, wiring, Map.of(), Instance.TRIAL);
    try {
      remote.require(commands.host().start(List.of(trial)), SHORT);
      proof.awaitHealthy(List.of(instances.now(trial)));
    } finally {
      Undisturbed.run(() -> remote.run(commands.remove(List.of(trial)), SHORT));
    }
    return instances.now(created(second, first, wiring, Map.of(), Instance.NEXT));
  }

  /** Waits until they are well; see {@link Proof#prove}. */
  void prove(List<Instance> started, Optional<String> version) {
    proof.prove(started, version);
  }

  /** Has them take the names of those in whose place they stand. */
  void takeNames(List<Instance> next) {
    for (Instance each : next) {
      remote.require(commands.rename(each.id(), each.nameAfterwards()), SHORT);
    }
  }

  /**
   * Removes what was made so far, by what the server says: a command that was cut short may have
   * done its work.
   *
   * @return whether there was anything
   */
  boolean remove(Set<String> services) {
    List<String> made =
        instances.all().stream()
            .filter(each -> services.contains(each.service()))
            .filter(each -> each.isNext() || each.isSpare())
            .map(Instance::id)
            .toList();
    if (!made.isEmpty()) {
      remote.require(commands.remove(made), SHORT);
    }
    return !made.isEmpty();
  }

  /** Compose's own, which never run; what is known of them outlives them. */
  private List<Instance> seconds(ComposeCommands compose, Containers now, List<String> services) {
    Set<String> before = now.all().stream().map(Instance::id).collect(Collectors.toSet());
    remote.require(
        compose.createSeconds(services),
        SHORT,
        "Read what compose printed; `docker ps --all` shows what is there.");
    List<Instance> seconds =
        instances.all().stream()
            .filter(each -> services.contains(each.service()))
            .filter(each -> !before.contains(each.id()))
            .toList();
    if (!seconds.isEmpty()) {
      remote.require(commands.remove(seconds.stream().map(Instance::id).toList()), SHORT);
    }
    return seconds;
  }

  private static Instance second(List<Instance> seconds, String service) {
    return seconds.stream()
        .filter(each -> each.service().equals(service))
        .findFirst()
        .orElseThrow(
            () ->
                new SlipwayException(
                    ExitCode.FAILED_OLD_VERSION_SERVING,
                    "Compose created no second container of " + service + ".",
                    "See with `docker ps --all` whether it has several containers, and keep one."));
  }

  /** It is given its ports on the server unless it is only tried. */
  private String created(
      Instance second,
      Optional<Instance> first,
      Wiring wiring,
      Map<String, String> successors,
      String suffix) {
    String name = second.firstName() + suffix;
    List<Wiring.Endpoint> endpoints = wiring.endpoints(second, first);
    ObjectNode description =
        Successor.of(second, first, suffix.equals(Instance.NEXT), endpoints, successors);
    CommandResult answer = remote.require(commands.create(name, Json.line(description)), SHORT);
    String text = answer.standardOutput();
    if (!text.startsWith("HTTP/1.1 201")) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          "The engine did not create " + name + ": " + answer.tail(1) + ".",
          "Read what it says; `docker ps --all` shows what is there.");
    }
    String id = Json.tree(text.substring(text.indexOf('{')).strip()).path("Id").asText();
    endpoints.stream()
        .skip(1)
        .forEach(
            endpoint ->
                remote.require(
                    commands.connect(endpoint.network(), endpoint.aliases(), endpoint.links(), id),
                    SHORT));
    return id;
  }
}
