package dev.slipway.deploy.status;

import dev.slipway.ledger.Footprint;
import dev.slipway.ledger.History;
import dev.slipway.release.ReleaseManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** In what a server differs from what the ledger says was left there. */
final class Drift {

  private final History history;
  private final List<String> lines = new ArrayList<>();

  private Drift(History history) {
    this.history = history;
  }

  /**
   * What was found of the checkout on the server.
   *
   * @param head the commit that it stands at
   * @param newer whether that commit descends from the one that serves
   * @param edits tracked files that were edited there
   * @param variables what the {@code .env} says
   */
  record Checkout(String head, boolean newer, List<String> edits, Map<String, String> variables) {}

  /** The differences, each as one line that names what was changed; none before a first release. */
  static List<String> of(History history, Map<String, Sighting> found, Checkout checkout) {
    Drift drift = new Drift(history);
    history
        .current()
        .ifPresent(
            release -> {
              drift.services(release, found);
              drift.checkout(release, checkout);
            });
    return drift.lines;
  }

  private void services(ReleaseManifest release, Map<String, Sighting> found) {
    Map<String, Footprint> footprints = history.footprints();
    Map<String, Footprint> expected = new TreeMap<>(footprints);
    if (footprints.isEmpty()) {
      release
          .images()
          .forEach(
              (service, image) -> expected.put(service, new Footprint(image.id(), "", "", true)));
    }
    expected.forEach((service, left) -> service(service, left, found));
    if (!footprints.isEmpty()) {
      found.keySet().stream()
          .filter(service -> !expected.containsKey(service))
          .forEach(service -> lines.add(service + " was started by hand: no deployment left it"));
    }
  }

  private void service(String name, Footprint left, Map<String, Sighting> found) {
    Sighting now = found.get(name);
    if (now == null) {
      lines.add(name + " was removed: it has no container any more");
      return;
    }
    if (left.running() && !now.running()) {
      lines.add(name + " is " + now.state() + ", although it ran after the last deployment");
    }
    if (!now.imageId().equals(left.imageId())) {
      lines.add(
          name
              + " was changed by hand: it runs the image "
              + Sighting.brief(now.imageId())
              + " ("
              + now.image()
              + "), not "
              + Sighting.brief(left.imageId()));
    } else if (left.hasConfiguration() && !left.isConfiguredAs(now.footprint())) {
      lines.add(
          name
              + " was changed by hand: its container was made with another configuration than the one deployed");
    }
  }

  private void checkout(ReleaseManifest release, Checkout checkout) {
    if (!checkout.head().equals(release.commit())) {
      lines.add(
          "the checkout was moved by hand: it is at "
              + ReleaseManifest.brief(checkout.head())
              + (checkout.newer() ? ", which is newer than " : ", not at ")
              + release.briefCommit()
              + ", which serves");
    }
    checkout.edits().forEach(file -> lines.add(file + " was edited by hand in the checkout"));
    new TreeMap<>(release.variables())
        .forEach((name, value) -> variable(name, value, checkout.variables().get(name)));
  }

  private void variable(String name, String value, @Nullable String now) {
    if (now == null) {
      lines.add(name + " is missing in .env; deployed was " + value);
    } else if (!now.equals(value)) {
      lines.add(name + " in .env was changed by hand: it is " + now + ", deployed was " + value);
    }
  }
}
