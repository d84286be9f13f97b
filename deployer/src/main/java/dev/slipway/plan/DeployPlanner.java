package dev.slipway.plan;

import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.ServiceOrder;
import dev.slipway.platform.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides the steps from what was observed to a wanted release; a rollback is a plan towards an
 * earlier one.
 */
public final class DeployPlanner {

  private final List<String> services;
  private final Optional<String> postgres;

  /** A planner for one platform. */
  public DeployPlanner(Platform platform) {
    this(
        ServiceOrder.of(platform.compose()),
        platform.service(Role.POSTGRES).map(ServiceSpec::name));
  }

  DeployPlanner(List<String> services, Optional<String> postgres) {
    this.services = List.copyOf(services);
    this.postgres = postgres;
  }

  /** The plan that brings a release into service, with its migrations. */
  public DeployPlan deploy(HostState state, ReleaseManifest release) {
    return plan(state, release, migration(state, release), true);
  }

  /** The plan that brings an earlier release back; the schema stays as it is. */
  public DeployPlan rollback(HostState state, ReleaseManifest release) {
    return plan(state, release, Optional.empty(), true);
  }

  /**
   * The plan that brings back what served before a release that failed its gate; {@code latest}
   * never left it.
   */
  public DeployPlan recovery(HostState state, ReleaseManifest release) {
    return plan(state, release, Optional.empty(), false);
  }

  private DeployPlan plan(
      HostState state,
      ReleaseManifest release,
      Optional<Step.Migrate> migrate,
      boolean moveLatest) {
    Map<String, String> updates = updates(state, release);
    List<Step> steps = new ArrayList<>();
    if (!state.commits().contains(release.commit())) {
      steps.add(new Step.FetchCommit(release.commit(), "not in the server's repository"));
    }
    steps.addAll(images(state, release));
    List<String> absent = absentForeignServices(state, release);
    if (!absent.isEmpty()) {
      steps.add(new Step.PullServices(absent, "no container yet"));
    }
    if (!state.commit().equals(release.commit())) {
      steps.add(new Step.Checkout(release.commit(), "the checkout is at " + brief(state.commit())));
    }
    if (migrate.isPresent()) {
      List<String> needed =
          postgres.filter(name -> !running(state, name)).map(List::of).orElse(List.of());
      if (!needed.isEmpty()) {
        steps.add(new Step.StartServices(needed, "the migrations need it"));
      }
      steps.add(migrate.get());
    }
    if (!updates.isEmpty()) {
      List<String> ordered = services.stream().filter(updates::containsKey).toList();
      steps.add(new Step.UpdateServices(updates, ordered, causes(ordered, updates)));
    }
    if (steps.isEmpty()
        && state.current().map(ReleaseManifest::commit).equals(Optional.of(release.commit()))) {
      return new DeployPlan(release, List.of());
    }
    steps.add(new Step.PassGate(release.version(), "nothing ships that was not seen to serve"));
    if (!release.variables().isEmpty()) {
      steps.add(
          new Step.RecordVariables(
              release.variables(), "so that the team's own compose commands start this release"));
    }
    if (moveLatest) {
      steps.add(new Step.MoveLatest(release.commit(), "only now has it been seen to serve"));
    }
    return new DeployPlan(release, steps);
  }

  private Optional<Step.Migrate> migration(HostState state, ReleaseManifest release) {
    if (release.schemaRevision().isEmpty()
        || release.schemaRevision().equals(state.schemaRevision())) {
      return Optional.empty();
    }
    String cause =
        state
            .schemaRevision()
            .map(revision -> "the database is at " + revision)
            .orElse("the database is empty");
    return Optional.of(
        new Step.Migrate(state.schemaRevision(), release.schemaRevision().get(), cause));
  }

  private List<Step> images(HostState state, ReleaseManifest release) {
    List<Step> steps = new ArrayList<>();
    new TreeMap<>(release.images())
        .forEach(
            (service, image) -> {
              Optional<String> present = Optional.ofNullable(state.images().get(image.pinned()));
              if (present.isEmpty()) {
                steps.add(new Step.PullImage(service, image, "not on the server"));
              } else if (!present.equals(Optional.ofNullable(state.images().get(image.tagged())))) {
                steps.add(new Step.TagImage(service, image, "on the server under another name"));
              }
            });
    return steps;
  }

  private Map<String, String> updates(HostState state, ReleaseManifest release) {
    Map<String, String> updates = new LinkedHashMap<>();
    for (String service : services) {
      why(service, state, release).ifPresent(cause -> updates.put(service, cause));
    }
    return updates;
  }

  private static Optional<String> why(String service, HostState state, ReleaseManifest release) {
    ContainerState container = state.containers().get(service);
    if (container == null) {
      return Optional.of("no container");
    }
    if (!container.state().equals("running")) {
      return Optional.of("is " + container.state());
    }
    ReleasedImage image = release.images().get(service);
    if (image != null && !container.imageId().equals(state.images().get(image.pinned()))) {
      return Optional.of("image changed");
    }
    if (state.reconfigured().contains(service)) {
      return Optional.of("its part of the compose file changed");
    }
    return Optional.empty();
  }

  private List<String> absentForeignServices(HostState state, ReleaseManifest release) {
    return services.stream()
        .filter(service -> !release.images().containsKey(service))
        .filter(service -> !state.containers().containsKey(service))
        .toList();
  }

  private static boolean running(HostState state, String service) {
    ContainerState container = state.containers().get(service);
    return container != null && container.state().equals("running");
  }

  private static String causes(List<String> ordered, Map<String, String> updates) {
    return String.join(
        "; ", ordered.stream().map(name -> name + ": " + updates.get(name)).toList());
  }

  private static String brief(String commit) {
    return commit.substring(0, Math.min(12, commit.length()));
  }
}
