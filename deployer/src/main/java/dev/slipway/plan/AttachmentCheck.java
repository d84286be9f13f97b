package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.platform.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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

  private static final String NONE = "nothing";

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
      Map<String, String> wanted = wanted(service).volumes();
      kept(service)
          .forEach(
              (path, volume) -> {
                if (!wanted.containsKey(path) && !isDatabase(service)) {
                  notes.add(
                      "%s no longer mounts the volume %s at %s. It stays on the server."
                          .formatted(service, volume, path));
                }
              });
    }
    return notes;
  }

  private void requireSameOptions() {
    if (!state.redefined().isEmpty()) {
      String which = String.join(", ", state.redefined());
      throw SlipwayException.refused(
          "The compose file defines otherwise what is in use: " + which + ".",
          "Compose changes none that containers use, and each later `up` on the server would fail."
              + " In a maintenance window, take it down by hand there, remove that alone"
              + " (`docker network rm`; copy a volume before you remove it) and bring it up with"
              + " the new file; then deploy again. Or take that change back.");
    }
  }

  private void requireSameVolumes(String service) {
    if (composition.way(service).ends()) {
      return;
    }
    Map<String, String> wanted = wanted(service).volumes();
    kept(service)
        .forEach(
            (path, volume) -> {
              String other = wanted.getOrDefault(path, isDatabase(service) ? NONE : volume);
              if (!other.equals(volume) && !Attachment.isVariable(other)) {
                throw lostFromSight(service, path, volume, other);
              }
            });
  }

  /**
   * The volumes that its container has, by path, and the folders of the server where a database
   * might have a volume; without a volume there, compose hands on what the engine has named, and a
   * folder is in the file.
   */
  private Map<String, String> kept(String service) {
    Map<String, String> kept = new TreeMap<>(standing(service).volumes());
    Set<String> wanted = wanted(service).volumes().keySet();
    kept.entrySet()
        .removeIf(
            each ->
                Attachment.isFolder(each.getValue())
                    ? !isDatabase(service) || !wanted.contains(each.getKey())
                    : Attachment.isAnonymous(each.getValue()) && !wanted.contains(each.getKey()));
    return kept;
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
      if (!wanted(other).reaches(wanted)) {
        continue; // nor would it by compose alone
      }
      Attachment then = replaced.before().contains(other) ? wanted(other) : standing(other);
      if (!then.reaches(wanted)) {
        throw apart(service, wanted, other, then);
      }
      if (standing(other).reaches(standing(service)) && !then.reaches(standing(service))) {
        throw apart(other, then, service, standing(service));
      }
    }
  }

  private static SlipwayException apart(
      String newcomer, Attachment wanted, String other, Attachment standing) {
    return SlipwayException.refused(
        "The new container of %s, on %s, and the one of %s that runs, on %s, would not reach each other."
            .formatted(newcomer, names(wanted), other, names(standing)),
        "Go in two releases: first put both on the old and the new network, then take the old one away.");
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
