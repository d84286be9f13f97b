package dev.slipway.plan;

import dev.slipway.image.ImageReference;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a release wants of its services, as its compose file composes them.
 *
 * @param composition by that file or, where it cannot be read, by the platform's
 */
record WantedServices(
    Composition composition, HostState state, ReleaseManifest release, Course course) {

  /** What a plan is for. */
  enum Course {
    /** To ship a release. */
    DEPLOYMENT,
    /** To go back on request. */
    ROLLBACK,
    /** To bring back what served before a release that failed. */
    RECOVERY
  }

  /** Those that need another container, in the order of their dependencies, each with its cause. */
  Map<String, String> causes() {
    Map<String, String> causes = new LinkedHashMap<>();
    names()
        .forEach(
            service ->
                why(service)
                    .or(() -> leftBehind(service, causes.keySet()))
                    .ifPresent(cause -> causes.put(service, cause)));
    return causes;
  }

  /** A container goes on in the network of the one that it joined, whatever becomes of that. */
  private Optional<String> leftBehind(String service, Set<String> renewed) {
    Set<String> joined = composition.joined(service);
    if (joined.isEmpty() || composition.way(service).ends()) {
      return Optional.empty();
    }
    return joined.stream()
        .filter(renewed::contains)
        .findFirst()
        .map(other -> "joins " + other)
        .or(
            () ->
                state.differences().stranded().contains(service)
                    ? Optional.of("what it joined is gone")
                    : Optional.empty());
  }

  /** Those that must get another container though compose may see no reason for it. */
  Set<String> unseen() {
    Set<String> renewed = causes().keySet();
    return renewed.stream()
        .filter(
            service ->
                state.differences().refilled().contains(service)
                    || leftBehind(service, renewed).isPresent())
        .collect(Collectors.toSet());
  }

  /**
   * Those that wait for the swap where they do not run, since their container would be the
   * release's: if the swap does not go well, none of its code has worked, and nothing of what was
   * there is replaced. On the way back they are what has to run.
   */
  Set<String> later() {
    return names().stream()
        .filter(this::isBuilt)
        .filter(
            service ->
                state.containers().containsKey(service)
                    ? course == Course.DEPLOYMENT && change(service).isPresent()
                    : course != Course.RECOVERY)
        .collect(Collectors.toSet());
  }

  /**
   * The services that must be well in the end: not jobs, and not what was ill before and is not
   * changed. On the way back none: there is nothing better to go back to.
   */
  Set<String> mustBeWell() {
    return names().stream()
        .filter(service -> course == Course.DEPLOYMENT && !composition.way(service).ends())
        .filter(service -> !wasIll(service) || isNew(service))
        .collect(Collectors.toSet());
  }

  /** One that crashes again and again runs for a moment in between. */
  private boolean wasIll(String service) {
    ContainerState container = state.containers().get(service);
    return container != null && (container.illness().isPresent() || container.restarts() > 0);
  }

  /** An earlier run that was cut short may have brought it already. */
  private boolean isNew(String service) {
    return change(service).isPresent()
        || state
            .current()
            .filter(
                current ->
                    !image(service, current)
                        .map(ReleasedImage::id)
                        .equals(image(service).map(ReleasedImage::id)))
            .isPresent();
  }

  /**
   * Where its compose file cannot be read, it may lack some. Jobs are of a deployment alone, but
   * for one that copies what users see.
   */
  List<String> names() {
    return composition.services().stream()
        .filter(state.described()::contains)
        .filter(
            service ->
                course == Course.DEPLOYMENT
                    || !composition.way(service).ends()
                    || composition.way(service).way() == Replacement.Way.PUBLISHED)
        .filter(this::isCalledFor)
        .toList();
  }

  /**
   * Whether it is always started, or one of its profiles is: by the server's variables, or by hand,
   * as its container shows. A job of a profile is run by those who ask for it.
   */
  private boolean isCalledFor(String service) {
    Set<String> profiles = composition.profiles().get(service);
    if (profiles == null) {
      return true;
    }
    ContainerState container = state.containers().get(service);
    boolean working =
        container != null && Set.of("running", "restarting").contains(container.state());
    return !composition.way(service).ends()
        && (working
            || state.profiles().contains("*")
            || profiles.stream().anyMatch(state.profiles()::contains));
  }

  /** What is not started, since the compose file that has it cannot be read. */
  Optional<String> unknown() {
    Set<String> unknown = new TreeSet<>(state.described());
    unknown.removeAll(composition.known());
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Left as it is, since the compose file of %s cannot be read here: %s."
                .formatted(release.briefCommit(), String.join(", ", unknown)));
  }

  private Optional<String> why(String service) {
    ContainerState container = state.containers().get(service);
    if (container == null) {
      return Optional.of("no container");
    }
    if (!container.state().equals("running")
        && !(composition.way(service).ends() && container.done())) {
      return Optional.of("is " + container.state());
    }
    return change(service).or(() -> unfinished(service, container));
  }

  private Optional<String> unfinished(String service, ContainerState container) {
    return Set.of(Replacement.Way.AWAITED, Replacement.Way.PUBLISHED)
                .contains(composition.way(service).way())
            && !container.done()
        ? Optional.of("others wait until it has ended")
        : Optional.empty();
  }

  private Optional<String> change(String service) {
    Optional<ReleasedImage> image = image(service);
    ContainerState container = state.containers().get(service);
    if (container != null
        && image.isPresent()
        && !container.imageId().equals(state.images().get(image.get().pinned()))) {
      return Optional.of("image changed");
    }
    if (state.differences().reconfigured().contains(service)) {
      return Optional.of("its part of the compose file changed");
    }
    if (state.differences().refilled().contains(service)) {
      return Optional.of("what it mounts or reads its variables from changed");
    }
    return course == Course.DEPLOYMENT && isBuilt(service) && !composition.way(service).ends()
        ? variables(service).map(names -> names + " changed in .env").or(() -> otherHands(service))
        : Optional.empty();
  }

  private Optional<String> otherHands(String service) {
    return state.differences().madeByHand().contains(service)
        ? Optional.of("its container was made by hand, with another configuration")
        : Optional.empty();
  }

  /** The names of those that the server's file would give it otherwise. */
  private Optional<String> variables(String service) {
    return Optional.ofNullable(state.differences().variables().get(service))
        .map(names -> String.join(", ", new TreeSet<>(names)));
  }

  /** Which services go on with older variables, since others may not bear that they restart. */
  List<String> notes() {
    return names().stream()
        .filter(service -> course == Course.DEPLOYMENT && !composition.way(service).ends())
        .filter(service -> why(service).isEmpty())
        .flatMap(
            service ->
                variables(service)
                    .map(
                        names ->
                            "%s goes on with what %s was when its container was made, though .env says otherwise since. It takes that when you have compose replace it by hand (`up -d --no-deps %s`, with the platform's file)."
                                .formatted(service, names, service))
                    .stream())
        .toList();
  }

  private Optional<ReleasedImage> image(String service) {
    return image(service, release);
  }

  private Optional<ReleasedImage> image(String service, ReleaseManifest of) {
    return Optional.ofNullable(of.images().get(service))
        .or(() -> Optional.ofNullable(composition.sharers().get(service)).map(of.images()::get));
  }

  /** Whether it runs code of the release. */
  boolean isBuilt(String service) {
    return image(service).isPresent();
  }

  /** The step that brings images that are not built. */
  Optional<Step> pull() {
    List<String> missing =
        names().stream()
            .filter(service -> !isBuilt(service))
            .filter(
                service ->
                    !state.containers().containsKey(service)
                        || state.differences().reconfigured().contains(service))
            .filter(service -> !hasForeignImage(service))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(new Step.PullServices(missing, "not on the server"));
  }

  private boolean hasForeignImage(String service) {
    return Optional.ofNullable(composition.foreignImages().get(service))
        .map(image -> state.images().containsKey(ImageReference.parse(image).listed()))
        .orElse(false);
  }
}
