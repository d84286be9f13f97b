package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.ReleaseManifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestorePlanTest {

  private static RestorePlan plan(String revision, String database) {
    return plan(revision, database, List.of(database), Set.of());
  }

  private static RestorePlan plan(
      String revision, String database, List<String> databases, Set<String> stopped) {
    return new RestorePlan(
        "one.dump",
        "10 rows in 2 tables at revision " + revision,
        Optional.of(revision),
        database,
        Optional.of("rev2"),
        databases,
        List.of("backend", "worker"),
        stopped,
        new ReleaseManifest(
            "a".repeat(40),
            Optional.empty(),
            Map.of(),
            Optional.of("rev1"),
            Map.of(),
            Instant.EPOCH));
  }

  @Test
  void saysWhatIsStoppedWhatIsReplacedAndWhatComesBack() {
    assertThat(plan("rev1", "platform"))
        .hasToString(
            """
            Plan to restore one.dump:
              1. back up the database as it is (it is at rev2, and nothing of it is to be lost)
              2. restore the backup into platform_restored beside it and compare (10 rows in 2 tables at revision rev1)
              3. stop backend, worker (nobody may write while the databases change places)
              4. let platform_restored become platform, and what was platform_replaced (rows written since the backup are only there)
              5. start backend, worker
              6. wait until the edge answers healthy (or else the databases change places again)
            """);
  }

  @Test
  void saysWhatEarlierRestoresHaveLeftAndWhatIsStartedThatDoesNotRun() {
    List<String> databases =
        List.of("platform", "platform_replaced", "platform_replaced_1", "platform_replaced_old");
    RestorePlan plan = plan("rev1", "platform", databases, Set.of("worker"));

    assertThat(plan.setAside()).isEqualTo("platform_replaced_2");
    assertThat(plan.leftAside()).containsExactly("platform_replaced_1");
    assertThat(plan)
        .hasToString(
            """
            Plan to restore one.dump:
              1. back up the database as it is (it is at rev2, and nothing of it is to be lost)
              2. restore the backup into platform_restored beside it and compare (10 rows in 2 tables at revision rev1)
              3. stop backend (nobody may write while the databases change places)
              4. let platform_restored become platform, and what was platform_replaced (rows written since the backup are only there; what the restore before has kept there is dropped)
              5. start backend, worker (not running now: worker)
              6. wait until the edge answers healthy (or else the databases change places again)
            Kept as well, from a restore that was cut off: platform_replaced_1; rows may be there that are nowhere else. When nobody misses any: `drop database "platform_replaced_1";`, with psql in the database's container.
            """);
  }

  @Test
  void isOutdatedByAnotherReleaseOrDatabaseAndNotByAWriterThatCrashes() {
    RestorePlan plan = plan("rev1", "platform");

    assertThat(plan.outdatedBy(plan("rev1", "platform", List.of("template1"), Set.of("worker"))))
        .isEmpty();
    assertThat(plan.outdatedBy(plan("rev1", "other")))
        .contains("Since the plan was made, the database has become another.");
    assertThat(plan.outdatedBy(plan("rev1", "platform", List.of("platform_replaced_1"), Set.of())))
        .contains("Since the plan was made, the database has become another.");
  }

  @Test
  void warnsWhereTheReleaseWasProvedWithAnotherSchema() {
    assertThat(plan("rev0", "platform").toString())
        .endsWith(
            "Release aaaaaaaaaaaa serves and was proved with schema rev1, not rev0: see `slipway rollback` for one that was.\n");
  }

  @Test
  void givesNamesThatPostgresqlTakes() {
    assertThat(plan("rev1", "p".repeat(63)).restored()).hasSize(59);
    assertThat(plan("rev1", "p".repeat(63)).replaced()).hasSize(59);
  }
}
