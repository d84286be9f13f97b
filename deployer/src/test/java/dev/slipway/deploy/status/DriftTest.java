package dev.slipway.deploy.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.ledger.Footprint;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the status calls a change by hand, and what it does not. */
class DriftTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String SHIPPED = "a".repeat(40);
  private static final String OTHER = "b".repeat(40);
  private static final Map<String, String> VARIABLES =
      Map.of("REGISTRY", "registry/app", "TAG", SHIPPED);

  private final Map<String, Sighting> found =
      new TreeMap<>(
          Map.of(
              "backend", sighting("sha256:back", "hash1", "running"),
              "postgres", sighting("sha256:pg", "hash2", "running"),
              "job", sighting("sha256:back", "hash3", "exited")));

  private static Sighting sighting(String imageId, String configuration, String state) {
    return new Sighting(
        "registry/app/x:1",
        imageId,
        configuration,
        configuration.equals("edited") ? "otherwise" : "told",
        state,
        Optional.empty(),
        Optional.of(NOW.minus(Duration.ofHours(3))),
        0);
  }

  private static LedgerEntry entry(Outcome outcome, Map<String, Footprint> footprints) {
    ReleaseManifest release =
        new ReleaseManifest(
            SHIPPED,
            Optional.empty(),
            Map.of(
                "backend",
                new ReleasedImage("registry/app/x", "1", Optional.empty(), "sha256:back")),
            Optional.empty(),
            VARIABLES,
            Instant.EPOCH);
    return new LedgerEntry(
            NOW.minus(Duration.ofHours(3)),
            Action.DEPLOY,
            outcome,
            release,
            Optional.of(SHIPPED),
            Optional.empty(),
            Optional.empty(),
            "ann@laptop",
            12,
            Optional.empty(),
            Optional.empty(),
            Map.of())
        .withFootprints(footprints);
  }

  private static History shipped() {
    return new History(
        List.of(
            entry(
                Outcome.SERVING,
                Map.of(
                    "backend", new Footprint("sha256:back", "hash1", "told", true),
                    "postgres", new Footprint("sha256:pg", "hash2", "told", true),
                    "job", new Footprint("sha256:back", "hash3", "told", false)))));
  }

  private static Drift.Checkout checkout() {
    return new Drift.Checkout(SHIPPED, false, List.of(), VARIABLES);
  }

  private List<String> drift() {
    return Drift.of(shipped(), found, checkout());
  }

  @Test
  void findsNoneOnAServerThatIsAsItWasLeft() {
    assertThat(drift()).isEmpty();
    assertThat(Drift.of(new History(List.of()), found, checkout())).isEmpty();
  }

  @Test
  void namesAServiceThatRunsAnotherImage() {
    found.put("backend", sighting("sha256:0123456789abcdef", "hash1", "running"));

    assertThat(drift())
        .containsExactly(
            "backend was changed by hand: it runs the image 0123456789ab (registry/app/x:1), not back");
  }

  @Test
  void namesAServiceOfTheSameImageWithAnotherConfiguration() {
    found.put("postgres", sighting("sha256:pg", "edited", "running"));

    assertThat(drift())
        .containsExactly(
            "postgres was changed by hand: its container was made with another configuration than the one deployed");
  }

  @Test
  void findsNoneWhereAnImageHasAnotherNameAlone() {
    found.put("backend", sighting("sha256:back", "hash of another tag", "running"));

    assertThat(drift()).isEmpty();
  }

  @Test
  void knowsNoSettingsOfWhatAnOlderSlipwayLeft() {
    Footprint old =
        Json.read(
            "{\"imageId\": \"sha256:back\", \"configuration\": \"hash0\", \"running\": true}",
            Footprint.class);

    assertThat(old.isConfiguredAs(new Footprint("sha256:back", "hash0", "told", true))).isTrue();
    assertThat(old.isConfiguredAs(new Footprint("sha256:back", "hash1", "", true))).isFalse();
  }

  @Test
  void namesWhatWasStoppedRemovedOrAddedButNoJobThatHadEnded() {
    found.put("backend", sighting("sha256:back", "hash1", "exited"));
    found.remove("postgres");
    found.put("adminer", sighting("sha256:adm", "", "running"));

    assertThat(drift())
        .containsExactly(
            "backend is exited, although it ran after the last deployment",
            "postgres was removed: it has no container any more",
            "adminer was started by hand: no deployment left it");
  }

  @Test
  void namesACheckoutAndVariablesThatWereMoved() {
    Drift.Checkout moved =
        new Drift.Checkout(
            OTHER, true, List.of("docker-compose.prod.yml"), Map.of("TAG", "latest"));

    assertThat(Drift.of(shipped(), found, moved))
        .containsExactly(
            "the checkout was moved by hand: it is at bbbbbbbbbbbb, which is newer than aaaaaaaaaaaa, which serves",
            "docker-compose.prod.yml was edited by hand in the checkout",
            "REGISTRY is missing in .env; deployed was registry/app",
            "TAG in .env was changed by hand: it is latest, deployed was " + SHIPPED);
  }

  @Test
  void judgesByTheLastRunThatLookedEvenIfItFailed() {
    History history =
        new History(
            List.of(
                shipped().entries().get(0),
                entry(
                    Outcome.FAILED,
                    Map.of("backend", new Footprint("sha256:back", "x", "", true)))));

    assertThat(Drift.of(history, found, checkout()))
        .contains(
            "backend was changed by hand: its container was made with another configuration than the one deployed");
  }

  @Test
  void judgesByTheReleaseAloneWhereTheLedgerIsOfOld() {
    History old = new History(List.of(entry(Outcome.SERVING, Map.of())));
    assertThat(Drift.of(old, found, checkout())).isEmpty();

    found.put("backend", sighting("sha256:other", "hash1", "running"));
    assertThat(Drift.of(old, found, checkout())).singleElement().asString().contains("by hand");
  }

  @Test
  void isKeptInTheLedgersJson() {
    LedgerEntry entry = shipped().entries().get(0);

    assertThat(Json.read(Json.line(entry), LedgerEntry.class)).isEqualTo(entry);
    assertThat(
            Json.read(Json.line(entry).replaceFirst(",\"footprints\".*", "}"), LedgerEntry.class))
        .isEqualTo(entry.withFootprints(Map.of()));
  }

  @Test
  void isToldBelowWhatServesAndNotWhileSomebodyDeploys() {
    found.put("backend", sighting("sha256:0123456789abcdef", "hash1", "running"));
    found.remove("job");
    ServerStatus status =
        ServerStatus.of(
            shipped(),
            Optional.of("0004"),
            found,
            false,
            Optional.empty(),
            List.of("queue stays"),
            checkout());

    assertThat(status.lines(NOW))
        .containsExactly(
            "Serving aaaaaaaaaaaa since 2026-01-01T09:00:00Z, by ann@laptop",
            "Schema 0004",
            "  backend      running    up 3 h     registry/app/x:1 (0123456789ab)",
            "  postgres     running    up 3 h     registry/app/x:1 (pg)",
            "queue stays.",
            "Drift from the ledger:",
            "  backend was changed by hand: it runs the image 0123456789ab (registry/app/x:1), not back",
            "  job was removed: it has no container any more",
            "Take it back by hand, or commit what is to stay and deploy it.");
    DeployLock.Owner owner = DeployLock.Owner.of("bob@ci", "c", NOW);
    assertThat(
            ServerStatus.of(
                    shipped(),
                    Optional.empty(),
                    found,
                    false,
                    Optional.of(owner),
                    List.of(),
                    checkout())
                .drift())
        .isEmpty();
  }

  @Test
  void isNotToldOfABackupThatWasRestored() {
    LedgerEntry shipped = shipped().entries().get(0);
    LedgerEntry restored =
        new LedgerEntry(
            NOW,
            Action.RESTORE,
            Outcome.SERVING,
            shipped.release(),
            shipped.serving(),
            Optional.empty(),
            Optional.empty(),
            "bob@laptop",
            20,
            Optional.empty(),
            Optional.of("20260101T080000Z-aaaaaaaaaaaa-0003.dump"),
            shipped.footprints());

    assertThat(
            ServerStatus.of(
                    new History(List.of(shipped, restored)),
                    Optional.of("0003"),
                    found,
                    false,
                    Optional.empty(),
                    List.of(),
                    checkout())
                .lines(NOW))
        .startsWith(
            "Serving aaaaaaaaaaaa since 2026-01-01T09:00:00Z, by ann@laptop",
            "  20260101T080000Z-aaaaaaaaaaaa-0003.dump was restored since, at 2026-01-01T12:00:00Z, by bob@laptop",
            "Schema 0003");
  }
}
