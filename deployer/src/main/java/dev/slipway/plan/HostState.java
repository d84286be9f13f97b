package dev.slipway.plan;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A snapshot of the server, taken once before planning.
 *
 * @param commit what its checkout stands at
 * @param commits which of the wanted commits its repository already has
 * @param containers the platform's containers, by service
 * @param leftovers the containers of services that the wanted release does not have
 * @param attachments what the platform's containers are attached to, by service
 * @param several the names of the containers of each service that has more than one, without those
 *     that a swap has made
 * @param images the image id by each name, tag and digest that the server has
 * @param postgresMajors the major version of PostgreSQL in those of these images that tell it, by
 *     id
 * @param schemaRevision what the database's version table says; absent when there is no database or
 *     no table yet
 * @param described the services that the wanted release's compose file has
 * @param profiles those that the server's {@code .env} has compose start
 * @param compose that file, where it is another than the platform's here and can be read
 * @param differences how they would be otherwise than they are
 * @param current the release that the ledger says is serving
 * @param older whether that release descends from the wanted one, as far as the server's repository
 *     knows both
 * @param unfinished whether that release lacks something that comes after the gate
 * @param byHand whether what runs is nothing that a deployment has left: with an empty ledger, or
 *     after attempts that left what ran before
 * @param edge how the running edge finds the services behind it; absent when none runs
 * @param maintenance whether that edge answers everybody with its maintenance page
 * @param cutOff whether a swap was begun and never ended
 * @param store what its engine has besides, and how more can come
 */
public record HostState(
    String commit,
    Set<String> commits,
    Map<String, ContainerState> containers,
    List<Leftover> leftovers,
    Map<String, Attachment> attachments,
    Map<String, List<String>> several,
    Map<String, String> images,
    Map<String, String> postgresMajors,
    Optional<String> schemaRevision,
    Set<String> described,
    Set<String> profiles,
    Optional<ComposeFile> compose,
    Differences differences,
    Optional<ReleaseManifest> current,
    boolean older,
    boolean unfinished,
    boolean byHand,
    Optional<EdgeState> edge,
    boolean maintenance,
    boolean cutOff,
    ImageStore store) {

  /** Copies. */
  public HostState {
    commits = Set.copyOf(commits);
    containers = Map.copyOf(containers);
    leftovers = List.copyOf(leftovers);
    attachments = Map.copyOf(attachments);
    several = Map.copyOf(several);
    images = Map.copyOf(images);
    postgresMajors = Map.copyOf(postgresMajors);
    described = Set.copyOf(described);
    profiles = Set.copyOf(profiles);
  }

  /** The same with what is known of the server's images. */
  public HostState with(ImageStore known) {
    return new HostState(
        commit,
        commits,
        containers,
        leftovers,
        attachments,
        several,
        images,
        postgresMajors,
        schemaRevision,
        described,
        profiles,
        compose,
        differences,
        current,
        older,
        unfinished,
        byHand,
        edge,
        maintenance,
        cutOff,
        known);
  }

  /** Whether a service has a container that runs. */
  boolean runs(String service) {
    ContainerState container = containers.get(service);
    return container != null && container.state().equals("running");
  }

  /**
   * What to go back to: the ledger's release or, on a server that was deployed by hand until now,
   * what its containers run; empty when nothing ran, or only what a failed first deployment left.
   */
  public Optional<ReleaseManifest> releaseBefore() {
    if (current.isPresent() || !byHand || containers.isEmpty()) {
      return current;
    }
    Map<String, ReleasedImage> found = new TreeMap<>();
    containers.forEach(
        (service, container) ->
            container.asReleased().ifPresent(image -> found.put(service, image)));
    return Optional.of(
        new ReleaseManifest(
            commit, Optional.empty(), found, schemaRevision, Map.of(), Instant.EPOCH));
  }
}
