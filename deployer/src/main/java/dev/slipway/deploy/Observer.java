package dev.slipway.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.environment.EnvironmentFile;
import dev.slipway.deploy.environment.ServiceVariables;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.deploy.status.Maintenance;
import dev.slipway.deploy.swap.Containers;
import dev.slipway.deploy.swap.Edges;
import dev.slipway.deploy.swap.Instance;
import dev.slipway.deploy.swap.Instances;
import dev.slipway.ledger.History;
import dev.slipway.plan.Attachment;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.Differences;
import dev.slipway.plan.EdgeState;
import dev.slipway.plan.HostState;
import dev.slipway.plan.ImageStore;
import dev.slipway.plan.Leftover;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at the server and changes nothing. */
final class Observer {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String POSTGRES_MAJOR = "PG_MAJOR=";

  private final Shell shell;
  private final Platform platform;
  private final Changes changes;
  private final EnvironmentFile variables;
  private final HostCommands commands;
  private final Instances instances;
  private final Edges edges;
  private final SwapCommands swapping;

  /**
   * An observer.
   *
   * @param changes tells what the wanted release has otherwise
   * @param variables the server's own
   */
  Observer(
      Shell shell,
      Platform platform,
      Changes changes,
      EnvironmentFile variables,
      Instances instances,
      Edges edges,
      SwapCommands swapping) {
    this.shell = shell;
    this.platform = platform;
    this.changes = changes;
    this.variables = variables;
    this.commands = new HostCommands(platform.serverDirectory());
    this.instances = instances;
    this.edges = edges;
    this.swapping = swapping;
  }

  /** A snapshot of everything that the planner needs. */
  HostState observe(ReleaseManifest wanted, History history) {
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<String> headNow =
          inquiry.ask(() -> require(commands.git().head()).standardOutput().strip());
      Supplier<Boolean> known = asked(inquiry, commands.git().hasCommit(wanted.commit()));
      Supplier<Boolean> cutOff = asked(inquiry, swapping.isCutOff());
      Containers found = instances.look();
      Map<String, Instance> standing = found.firsts();
      Map<String, ContainerState> containers = states(standing);
      Supplier<Optional<EdgeState>> edge = inquiry.ask(() -> edge(standing));
      Supplier<Optional<String>> schema = inquiry.ask(() -> schemaRevision(containers));
      Map<String, String> majors = new ConcurrentHashMap<>();
      Supplier<Map<String, String>> images = inquiry.ask(() -> images(wanted, containers, majors));
      Supplier<CommandResult> environment = inquiry.ask(variables::read);
      Supplier<Boolean> maintenance = inquiry.ask(() -> isInMaintenance(standing));
      String head = headNow.get();
      Optional<ReleaseManifest> current = history.current();
      Map<String, String> origins = current.isEmpty() ? changes.origins(standing) : Map.of();
      String wantedCompose = changes.wantedCompose(wanted.commit());
      Set<String> described = changes.described(wanted.commit(), wantedCompose);
      Optional<ComposeFile> otherFile = otherThanHere(wanted, wantedCompose);
      Map<String, String> stored = new HashMap<>(images.get());
      otherFile.ifPresent(file -> stored.putAll(foreignImages(wanted, file, majors)));
      return new HostState(
          head,
          known.get() ? Set.of(wanted.commit()) : Set.of(),
          containers,
          leftovers(found, described),
          attachments(standing),
          found.several(),
          stored,
          majors,
          schema.get(),
          described,
          profiles(environment.get()),
          otherFile,
          new Differences(
              changes.reconfigured(head, history, wantedCompose, standing, origins),
              changes.refilled(head, history, wanted.commit(), wantedCompose, standing, origins),
              changes.redefined(head, wantedCompose),
              edited(environment.get(), wanted, wantedCompose, standing),
              Changes.madeByHand(history, standing),
              found.stranded()),
          current,
          current.map(release -> isOlder(wanted.commit(), release.commit())).orElse(false),
          history.leftSomethingUndone(),
          history.leavesWhatWasDeployedByHand(),
          edge.get(),
          maintenance.get(),
          cutOff.get(),
          ImageStore.UNKNOWN);
    }
  }

  /** The wanted release's compose file; nothing where it is the one here or cannot be read. */
  private Optional<ComposeFile> otherThanHere(ReleaseManifest wanted, String text) {
    if (platform.compose().isOf(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ComposeFile.parse(
              wanted.briefCommit() + ":" + platform.compose().file(), text, wanted.variables()));
    } catch (SlipwayException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * The containers there are of services that a release does not have, or that had none before.
   *
   * @param before by service, what there was
   */
  List<Leftover> newcomers(Map<String, ContainerState> before, String commit) {
    Set<String> known =
        new LinkedHashSet<>(changes.described(commit, changes.wantedCompose(commit)));
    known.retainAll(before.keySet());
    return leftovers(instances.look(), known);
  }

  private List<Leftover> leftovers(Containers found, Set<String> described) {
    return found.beside(described).stream()
        .map(
            each ->
                new Leftover(
                    each.service(), each.asState(), each.madeElsewhere(platform.compose().file())))
        .toList();
  }

  private Supplier<Boolean> asked(Inquiry inquiry, ShellCommand command) {
    return inquiry.ask(() -> shell.run(command, DEADLINE).succeeded());
  }

  /** Whether a swap was begun and never ended. */
  boolean isSwapCutOff() {
    return shell.run(swapping.isCutOff(), DEADLINE).succeeded();
  }

  private boolean isOlder(String wanted, String current) {
    return !wanted.equals(current)
        && shell.run(commands.git().isAncestor(wanted, current), DEADLINE).succeeded();
  }

  /** The ids of all containers of the platform. */
  Set<String> ids() {
    return instances.look().all().stream().map(Instance::id).collect(Collectors.toSet());
  }

  /** The platform's containers, by service; of two, the one that stands for it. */
  Map<String, ContainerState> containers() {
    return states(instances.look().firsts());
  }

  /** The same; of two, the new one. */
  Map<String, ContainerState> newest() {
    return states(instances.look().newest());
  }

  private static Map<String, ContainerState> states(Map<String, Instance> standing) {
    Map<String, ContainerState> states = new HashMap<>();
    standing.forEach((service, instance) -> states.put(service, instance.asState()));
    return states;
  }

  private static Set<String> profiles(CommandResult file) {
    if (!file.succeeded()) {
      return Set.of();
    }
    String active =
        EnvironmentVariable.values(file.standardOutput(), Map.of())
            .getOrDefault("COMPOSE_PROFILES", "");
    return Arrays.stream(active.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  /** Of a file that cannot be read nothing is known: who deploys was told when it was learnt. */
  private static Map<String, Set<String>> edited(
      CommandResult file,
      ReleaseManifest wanted,
      String wantedCompose,
      Map<String, Instance> standing) {
    return file.succeeded()
        ? ServiceVariables.changed(
            file.standardOutput(), wanted, wantedCompose, environments(standing))
        : Map.of();
  }

  private static Map<String, Map<String, String>> environments(Map<String, Instance> standing) {
    Map<String, Map<String, String>> environments = new HashMap<>();
    standing.forEach((service, instance) -> environments.put(service, instance.environment()));
    return environments;
  }

  private static Map<String, Attachment> attachments(Map<String, Instance> standing) {
    Map<String, Attachment> attachments = new HashMap<>();
    standing.forEach((service, instance) -> attachments.put(service, instance.attachment()));
    return attachments;
  }

  private Optional<EdgeState> edge(Map<String, Instance> standing) {
    return runningEdge(standing).map(edges::look);
  }

  private boolean isInMaintenance(Map<String, Instance> standing) {
    Maintenance maintenance = new Maintenance(shell, platform);
    return runningEdge(standing).map(edge -> maintenance.isOn(edge.asState().id())).orElse(false);
  }

  private Optional<Instance> runningEdge(Map<String, Instance> standing) {
    return platform
        .service(Role.EDGE)
        .map(edge -> standing.get(edge.name()))
        .filter(Instance::runs);
  }

  private Map<String, String> images(
      ReleaseManifest wanted, Map<String, ContainerState> containers, Map<String, String> majors) {
    Set<String> names = new LinkedHashSet<>();
    containers.values().forEach(container -> names.add(container.imageId()));
    names.addAll(platform.foreignImages().values());
    for (ReleasedImage image : wanted.images().values()) {
      names.add(image.pinned());
      names.add(image.tagged());
    }
    return images(wanted, names, majors);
  }

  /** Those that the wanted release's own compose file names besides what is built. */
  private Map<String, String> foreignImages(
      ReleaseManifest wanted, ComposeFile file, Map<String, String> majors) {
    return images(wanted, Set.copyOf(file.imagesBeside(wanted.images().keySet()).values()), majors);
  }

  /**
   * Ids by name.
   *
   * @param majors takes the major version of PostgreSQL of those that tell it, by id
   */
  private Map<String, String> images(
      ReleaseManifest wanted, Set<String> names, Map<String, String> majors) {
    Map<String, String> images = new HashMap<>();
    if (names.isEmpty()) {
      return images;
    }
    for (JsonNode node : inspect("image", List.copyOf(names))) {
      String id = node.path("Id").asText();
      images.put(id, id);
      major(node).ifPresent(major -> majors.put(id, major));
      node.path("RepoTags").forEach(tag -> images.put(tag.asText(), id));
      node.path("RepoDigests").forEach(digest -> put(images, digest.asText(), id, wanted));
    }
    return images;
  }

  /** As PostgreSQL's own image has it, and those that are made from that. */
  private static Optional<String> major(JsonNode image) {
    for (JsonNode variable : image.at("/Config/Env")) {
      if (variable.asText().startsWith(POSTGRES_MAJOR)) {
        return Optional.of(variable.asText().substring(POSTGRES_MAJOR.length()));
      }
    }
    return Optional.empty();
  }

  /**
   * An image that came through SSH has the digest under another name: the digest is what counts.
   */
  private static void put(
      Map<String, String> images, String name, String id, ReleaseManifest wanted) {
    images.put(name, id);
    wanted.images().values().stream()
        .filter(image -> image.digest().map(digest -> name.endsWith("@" + digest)).orElse(false))
        .forEach(image -> images.put(image.pinned(), id));
  }

  /**
   * What is found of the names; the engine says on standard error which of them it does not have.
   */
  private JsonNode inspect(String type, List<String> names) {
    CommandResult result = shell.run(commands.inspect(type, names), DEADLINE);
    try {
      return Json.tree(result.standardOutput());
    } catch (IllegalArgumentException e) {
      throw unreadable("docker inspect", result, e);
    }
  }

  /**
   * What the database's version table says now; empty without a running database or before the
   * first migration.
   */
  Optional<String> schemaRevision() {
    return schemaRevision(containers());
  }

  private Optional<String> schemaRevision(Map<String, ContainerState> containers) {
    Optional<ContainerState> postgres =
        platform
            .service(Role.POSTGRES)
            .map(ServiceSpec::name)
            .map(containers::get)
            .filter(found -> found.state().equals("running"));
    if (postgres.isEmpty()) {
      return Optional.empty();
    }
    CommandResult result = shell.run(commands.schemaRevision(postgres.get().id()), DEADLINE);
    if (result.succeeded()) {
      return Optional.of(result.standardOutput().strip()).filter(text -> !text.isEmpty());
    }
    throw unreadable("the database's version table", result, null);
  }

  private CommandResult require(ShellCommand command) {
    CommandResult result = shell.run(command, DEADLINE);
    if (!result.succeeded()) {
      throw unreadable(command.toString(), result, null);
    }
    return result;
  }

  private static SlipwayException unreadable(
      String what, CommandResult result, @Nullable Throwable cause) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "The server could not be observed: " + what + " answered: " + result.tail(3) + ".",
        "Run it by hand on the server; `slipway doctor` checks the rest.",
        cause);
  }
}
