package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.platform.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Refuses what compose would carry out without a word: another container that no longer sees what
 * its predecessor has kept, or that does not reach those which run.
 *
 * @param composition of the release
 * @param causes the services that need another container
 * @param replaced the order in which they get it
 * @param database the service that must not lose sight of anything
 */
record AttachmentCheck(
    Composition composition,
    HostState state,
    Set<String> causes,
    Replacements replaced,
    Optional<String> database) {

  /** Where PostgreSQL's images keep what they hold. */
  private static final Pattern DATA =
      Pattern.compile("(?i)^/(?:var/lib|bitnami|home)/(?:postgres|pgsql)|/pgdata");

  /**
   * Checks.
   *
   * @throws SlipwayException refusing, with what to do
   */
  void require() {
    requireSameOptions();
    causes.forEach(this::requireSameVolumes);
    replaced.swapped().forEach(this::requireNetworks);
  }

  /** What the release mounts no more, as notes. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (String service : causes) {
      leaving(service)
          .forEach(
              (path, volume) -> {
                if (!Attachment.isFolder(volume) && !isRefused(service, path, volume)) {
                  notes.add(
                      "%s no longer mounts the volume %s at %s. It stays on the server."
                          .formatted(service, volume, path));
                }
              });
    }
    return notes;
  }

  private void requireSameOptions() {
    if (!state.differences().redefined().isEmpty()) {
      String which = String.join(", ", state.differences().redefined());
      throw SlipwayException.refused(
          "The compose file defines otherwise what is in use: " + which + ".",
          "Compose changes none that containers use, and each later `up` on the server would fail."
              + " In a maintenance window, take it down by hand there, remove that alone"
              + " (`docker network rm`; copy a volume before you remove it), `git checkout` the commit"
              + " and bring it up; then deploy again. Or take that change back.");
    }
  }

  private void requireSameVolumes(String service) {
    leaving(service)
        .forEach(
            (path, volume) -> {
              if (isRefused(service, path, volume)) {
                String other = wanted(service).volumes().getOrDefault(path, "nothing");
                throw lostFromSight(service, path, volume, other);
              }
            });
  }

  /**
   * What its container has, by path, and the next one has not. Without anything there, compose
   * hands on a volume that the engine has named.
   */
  private Map<String, String> leaving(String service) {
    Attachment wanted = wanted(service);
    Map<String, String> leaving = new TreeMap<>();
    if (wanted.complete() && !composition.way(service).ends()) {
      standing(service)
          .volumes()
          .forEach(
              (path, volume) -> {
                String other = wanted.volumes().get(path);
                if (other == null
                    ? !Attachment.isAnonymous(volume)
                    : !Attachment.isSame(volume, other)) {
                  leaving.put(path, volume);
                }
              });
    }
    return leaving;
  }

  /**
   * A database must not lose what it holds, be it in a folder; another service no volume that has a
   * name to one that has another.
   */
  private boolean isRefused(String service, String path, String volume) {
    if (isDatabase(service) && DATA.matcher(path).find()) {
      return true;
    }
    String other = wanted(service).volumes().get(path);
    return other != null
        && !Attachment.isFolder(other)
        && !Attachment.isFolder(volume)
        && !Attachment.isAnonymous(volume);
  }

  private boolean isDatabase(String service) {
    return database.filter(service::equals).isPresent();
  }

  private static SlipwayException lostFromSight(
      String service, String path, String volume, String other) {
    return SlipwayException.refused(
        "%s would no longer see what it has kept: %s is %s now, and the release mounts %s there."
            .formatted(service, path, volume, other),
        "Mount what is there now (a volume keeps its name by `name: …` in the compose file). Or copy"
            + " it and bring "
            + service
            + " up by hand with the new file; then deploy again.");
  }

  private void requireNetworks(String service) {
    Attachment wanted = wanted(service);
    composition
        .service(Role.EDGE)
        .filter(edge -> wanted(edge).reaches(wanted) && !standing(edge).reaches(wanted))
        .ifPresent(
            edge -> {
              throw apart(service, wanted, edge, standing(edge));
            });
    for (String other : composition.needs().getOrDefault(service, Set.of())) {
      if (!wanted(other).reaches(wanted) || composition.way(other).ends()) {
        continue; // nor would it by compose alone, or nobody asks it
      }
      Attachment then = isNewBefore(other) ? wanted(other) : standing(other);
      if (!then.reaches(wanted)) {
        throw apart(service, wanted, other, then);
      }
      if (replaced.before().contains(other)
          && standing(other).reaches(standing(service))
          && !then.reaches(standing(service))) {
        throw apart(other, then, service, standing(service));
      }
    }
  }

  /** Whether it has its new container by the time of the swap. */
  private boolean isNewBefore(String service) {
    ContainerState container = state.containers().get(service);
    return replaced.before().contains(service)
        || replaced.swapped().contains(service)
        || (causes.contains(service) && container != null && !container.state().equals("running"));
  }

  private static SlipwayException apart(
      String newcomer, Attachment wanted, String other, Attachment standing) {
    return SlipwayException.refused(
        "The new container of %s, on %s, and the one of %s that runs, on %s, would not reach each other."
            .formatted(newcomer, names(wanted), other, names(standing)),
        "Go in two releases: first put both on the old and the new network, then take the old one away."
            + " On the way back, go to the one between first.");
  }

  private static String names(Attachment attachment) {
    return String.join(", ", attachment.networks().stream().sorted().toList());
  }

  private Attachment wanted(String service) {
    return Attachment.of(composition.attachments(), service);
  }

  private Attachment standing(String service) {
    return Attachment.of(state.attachments(), service);
  }
}
