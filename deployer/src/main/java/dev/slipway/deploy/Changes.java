package dev.slipway.deploy;

import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.deploy.status.Sighting;
import dev.slipway.deploy.swap.Instance;
import dev.slipway.ledger.Footprint;
import dev.slipway.ledger.History;
import dev.slipway.platform.compose.ComposeDifference;
import dev.slipway.platform.compose.ServiceFiles;
import dev.slipway.release.ReleaseManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the wanted release has otherwise than what may run on the server. */
final class Changes {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Shell shell;
  private final HostCommands commands;
  private final Source source;
  private final String composePath;
  private final Map<String, String> composeFiles = new ConcurrentHashMap<>();

  /** The changes; {@code source} tells of the wanted release what the server does not know yet. */
  Changes(Shell shell, HostCommands commands, Source source) {
    this.shell = shell;
    this.commands = commands;
    this.source = source;
    this.composePath = source.composePath();
  }

  /** The text of its compose file. */
  String wantedCompose(String wanted) {
    return composeFile(wanted).orElseGet(() -> source.composeFile(wanted));
  }

  /** The services that this text describes. */
  Set<String> described(String wanted, String wantedCompose) {
    return ComposeDifference.described(
        ReleaseManifest.brief(wanted) + ":" + composePath, wantedCompose);
  }

  /**
   * What the checkout stood at when each service's container was made, where no ledger tells what
   * that was made from: it may have moved since, by somebody's {@code git pull} or a first
   * deployment that was cut short.
   */
  Map<String, String> origins(Map<String, Instance> standing) {
    Map<String, String> moments = new TreeMap<>();
    standing.forEach(
        (service, container) ->
            container.created().ifPresent(moment -> moments.put(service, moment)));
    Map<String, String> origins = new TreeMap<>();
    if (moments.isEmpty()) {
      return origins;
    }
    CommandResult result = shell.run(commands.git().headAt(moments.values()), DEADLINE);
    List<String> heads = result.standardOutput().lines().map(String::strip).toList();
    if (result.succeeded() && heads.size() == moments.size()) {
      Iterator<String> head = heads.iterator();
      moments.keySet().forEach(service -> origins.put(service, head.next()));
    }
    return origins;
  }

  /**
   * Services may run as the release that serves describes them or, after a deployment that was cut
   * short, as the checkout does; not those whose containers are as that release left them.
   */
  Set<String> reconfigured(
      String head,
      History history,
      String wantedCompose,
      Map<String, Instance> standing,
      Map<String, String> origins) {
    Set<String> services = new LinkedHashSet<>(differing(head, wantedCompose));
    history
        .serving()
        .ifPresent(
            serving -> {
              services.removeIf(
                  service -> isAsLeft(serving.footprints().get(service), standing.get(service)));
              services.addAll(differing(serving.release().commit(), wantedCompose));
            });
    origins.forEach(
        (service, origin) -> {
          if (differing(origin, wantedCompose).contains(service)) {
            services.add(service);
          }
        });
    return services;
  }

  private Set<String> differing(String commit, String wantedCompose) {
    return composeFile(commit)
        .map(text -> ComposeDifference.services(text, wantedCompose))
        .orElseGet(() -> hasMovedSince(commit) ? described(commit, wantedCompose) : Set.of());
  }

  /** Whether the compose file had another name then, so that nothing tells what it said. */
  private boolean hasMovedSince(String commit) {
    return shell.run(commands.git().hasCommit(commit), DEADLINE).succeeded();
  }

  private static boolean isAsLeft(@Nullable Footprint left, @Nullable Instance now) {
    return left != null
        && now != null
        && left.hasConfiguration()
        && left.isConfiguredAs(Sighting.of(now).footprint());
  }

  /**
   * Services whose containers somebody has made anew from the same image and otherwise, as with
   * another file beside the compose file; not where its name alone is another.
   */
  static Set<String> madeByHand(History history, Map<String, Instance> standing) {
    Set<String> services = new TreeSet<>();
    history
        .footprints()
        .forEach(
            (service, left) -> {
              Instance now = standing.get(service);
              if (now != null
                  && left.imageId().equals(now.image())
                  && left.hasConfiguration()
                  && !isAsLeft(left, now)) {
                services.add(service);
              }
            });
    return services;
  }

  /** Networks and volumes in use that it defines otherwise, as phrases. */
  Set<String> redefined(String head, String wantedCompose) {
    return composeFile(head)
        .map(text -> ComposeDifference.redefined(text, wantedCompose))
        .orElse(Set.of());
  }

  /** Services with files, configs or secrets that the wanted commit has otherwise. */
  Set<String> refilled(
      String head,
      History history,
      String wanted,
      String wantedCompose,
      Map<String, Instance> standing,
      Map<String, String> origins) {
    Set<String> bases = new LinkedHashSet<>(Set.of(head));
    history.serving().ifPresent(serving -> bases.add(serving.release().commit()));
    bases.remove(wanted);
    Set<String> services = new LinkedHashSet<>();
    for (String base : bases) {
      services.addAll(redefinedFiles(base, wantedCompose));
    }
    origins.forEach(
        (service, origin) -> {
          if (redefinedFiles(origin, wantedCompose).contains(service)) {
            services.add(service);
          }
        });
    files(wantedCompose, standing)
        .forEach(
            (service, paths) -> {
              Set<String> own = new LinkedHashSet<>(bases);
              Optional.ofNullable(origins.get(service))
                  .filter(origin -> !origin.equals(wanted))
                  .ifPresent(own::add);
              if (!own.isEmpty() && !paths.isEmpty() && differ(own, wanted, paths)) {
                services.add(service);
              }
            });
    return services;
  }

  private Set<String> redefinedFiles(String base, String wantedCompose) {
    return composeFile(base)
        .map(text -> ServiceFiles.redefined(text, wantedCompose))
        .orElse(Set.of());
  }

  /**
   * The paths within the repository that each service is made of: as the compose file writes them,
   * and as its container mounts them, which tells what a variable in a path stands for.
   */
  private Map<String, Set<String>> files(String wantedCompose, Map<String, Instance> standing) {
    Map<String, Set<String>> files = new TreeMap<>(ServiceFiles.of(wantedCompose));
    standing.forEach(
        (service, container) ->
            files.merge(
                service,
                container.mountedFiles(),
                (written, mounted) ->
                    Stream.of(written, mounted).flatMap(Set::stream).collect(Collectors.toSet())));
    files.replaceAll((service, written) -> inRepository(written));
    return files;
  }

  private Set<String> inRepository(Set<String> files) {
    Path checkout = Path.of(commands.git().checkout()).normalize();
    Path compose = checkout.resolve(composePath);
    Set<String> paths = new TreeSet<>();
    for (String file : files) {
      Path path = compose.resolveSibling(file).normalize();
      if (path.startsWith(checkout) && !path.equals(checkout)) {
        paths.add(checkout.relativize(path).toString());
      }
    }
    return paths;
  }

  private boolean differ(Set<String> bases, String wanted, Set<String> paths) {
    Optional<String> after = objects(wanted, paths).or(() -> source.objects(wanted, paths));
    return after.isPresent()
        && bases.stream()
            .map(base -> objects(base, paths))
            .anyMatch(before -> before.isPresent() && !before.equals(after));
  }

  private Optional<String> objects(String commit, Set<String> paths) {
    CommandResult result = shell.run(commands.git().objects(commit, paths), DEADLINE);
    return result.succeeded() ? Optional.of(result.standardOutput()) : Optional.empty();
  }

  private Optional<String> composeFile(String commit) {
    if (!composeFiles.containsKey(commit)) {
      CommandResult result = shell.run(commands.git().show(commit, composePath), DEADLINE);
      if (!result.succeeded()) {
        return Optional.empty();
      }
      composeFiles.put(commit, result.standardOutput());
    }
    return Optional.ofNullable(composeFiles.get(commit));
  }
}
