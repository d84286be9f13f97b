package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.SampleReleases.ADDED_REVISION;
import static dev.slipway.pipeline.rehearsal.SampleReleases.all;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way from a backup that precedes a migration back to the rows of then, on a real server. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class BackupAndRestoreIT {

  private static final String FOLDER = "/opt/platform-v2/.slipway/backups";

  private final Production production;
  private final SampleReleases releases;
  private final Candidate good;

  BackupAndRestoreIT(Production production) {
    this.production = production;
    this.releases = production.releases();
    this.good = production.good();
  }

  @BeforeAll
  void serveTheGoodReleaseWithOneCustomer() {
    production.empty();
    production.serveGood();
    production.query("insert into customers (name) values ('Ada')");
  }

  @AfterAll
  void leaveNoNewerReleaseToOthers() {
    production.empty();
  }

  private Candidate migrating(String title, Map<String, String> more, String... upgrade) {
    return production.candidate(releases.with(title, all(releases.migration(upgrade), more)));
  }

  private JsonNode backups() {
    return Json.tree(production.succeed(good, "backups", "--json").text());
  }

  private String newest() {
    return backups().get(backups().size() - 1).path("name").asText();
  }

  @Test
  @Order(1)
  void migratesNothingWhereTheServerHasNoRoomForABackup() {
    Candidate next = migrating("Migrate", Map.of(), "pass");
    production.onServer(
        "mkdir -p "
            + FOLDER
            + " && mount -t tmpfs -o size=1m backups "
            + FOLDER
            + " && chmod 777 "
            + FOLDER);
    try {
      Outcome outcome = production.slipway(next, "deploy");

      assertThat(outcome.text())
          .contains("There is no room for the backup in " + FOLDER, " serves as before");
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(production.schema()).isEqualTo(releases.head());
    } finally {
      production.onServer("umount " + FOLDER + " && rmdir " + FOLDER);
    }
  }

  @Test
  @Order(2)
  void provesABackupAndGivesWayToAUserBeforeItMigrates() {
    Candidate next =
        migrating(
            "Migrate where somebody reads",
            Map.of("slipway.yml", "migrations:\n  lock-timeout: 1s\n"),
            "op.execute(\"ALTER TABLE customers ADD COLUMN note text\")");
    aUserReadsTheCustomersForAWhile();

    Outcome outcome = production.succeed(next, "deploy");

    assertThat(outcome.text())
        .contains(
            "back up the database and restore the copy to prove it (the migration changes what is at "
                + releases.head(),
            " restored and compared after ",
            "A statement waited longer than 1 s for customers, which has process ",
            "It gave way; try 2 of 12 in 1 s.");
    assertThat(production.schema()).isEqualTo(ADDED_REVISION);
    assertThat(backups()).hasSize(1);
    assertThat(backups().get(0).path("checksum").asText()).isEqualTo("GOOD");
    assertThat(backups().get(0).path("revision").asText()).isEqualTo(releases.head());
    assertThat(backups().get(0).path("release").asText()).isEqualTo(good.commit().substring(0, 12));
    assertThat(production.onServer("stat -c '%a %U' " + FOLDER + "/" + newest()))
        .isEqualTo("600 deploy");
    assertThat(production.onServer("docker ps -aq --filter label=dev.slipway.proof")).isEmpty();
    assertThat(production.query("select count(*) from pg_locks where locktype = 'advisory'"))
        .isEqualTo("0");
  }

  /** Until somebody has waited for that and has given way. */
  private void aUserReadsTheCustomersForAWhile() {
    production.onServer(
        """
        cat > /tmp/reader.sql <<'END'
        begin;
        select count(*) from customers;
        \\! waits() { psql -XAt -U platform -d platform -c "select 'waits' from pg_locks where not granted" | grep -q waits; }; until waits; do sleep 0.2; done; while waits; do sleep 0.2; done
        commit;
        END
        id=$(docker ps -q --filter label=com.docker.compose.service=postgres)
        docker cp -q /tmp/reader.sql "$id":/tmp/reader.sql 2>/dev/null || docker cp /tmp/reader.sql "$id":/tmp/reader.sql
        rm /tmp/reader.sql
        docker exec -d "$id" psql -X -U platform -d platform -f /tmp/reader.sql
        """);
  }

  @Test
  @Order(3)
  void restoresNothingWithoutAYes() {
    production.query("insert into customers (name) values ('Grace')");
    production.succeed(good, "rollback");
    String before = production.state();

    Outcome outcome = production.slipway(good, "restore", "latest");

    assertThat(outcome.text())
        .contains(
            "Plan to restore " + newest(),
            "restore the backup into platform_restored beside it and compare (",
            " at revision " + releases.head(),
            "3. stop backend (nobody may write while the databases change places)",
            "Nobody can be asked here");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(production.state()).isEqualTo(before);
  }

  @Test
  @Order(4)
  void bringsTheRowsOfThenBackAndKeepsThoseWrittenSince() {
    String backup = newest();

    Outcome outcome = production.succeed(good, "restore", backup, "--yes");

    assertThat(outcome.text()).contains("Restored " + backup);
    assertThat(production.schema()).isEqualTo(releases.head());
    assertThat(production.query("select name from customers")).isEqualTo("Ada");
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    assertThat(customersIn("platform_replaced")).isEqualTo("2");
    assertThat(backups()).hasSize(2);
    assertThat(backups().get(0).path("beforeRestore").asBoolean()).isFalse();
    assertThat(backups().get(1).path("beforeRestore").asBoolean()).isTrue();
    assertThat(last(production.ledger())).isEqualTo("RESTORE SERVING " + good.commit());
    assertThat(production.locked()).isFalse();
    assertThat(production.succeed(good, "deploy").text()).contains("Nothing to do");
  }

  private String customersIn(String database) {
    return production.onServer(
        "docker exec "
            + production.container("postgres")
            + " psql -XAt -U platform -d "
            + database
            + " -c 'select count(*) from customers'");
  }

  @Test
  @Order(5)
  void refusesABackupThatIsNotWhatWasWritten() {
    String backup = newest();
    production.onServer("printf x >> " + FOLDER + "/" + backup);

    Outcome outcome = production.slipway(good, "restore", backup, "--yes");

    assertThat(outcome.text()).contains("is not what was written: its checksum differs");
    assertThat(outcome.exitCode()).isEqualTo(2);
    production.onServer("rm " + FOLDER + "/" + backup);
  }

  @Test
  @Order(6)
  void letsTheDatabasesChangeBackWhenTheGateStaysShut() {
    Candidate needing =
        migrating(
            "Need the new schema",
            all(
                SampleReleases.budget(20),
                releases.changed(
                    "backend/app/health.py",
                    "        return \",\".join(head",
                    "        if (\"added\",) not in heads:\n            raise RuntimeError(\"no price list\")\n"
                        + "        return \",\".join(head")),
            "pass");
    production.succeed(needing, "deploy");
    production.query("insert into customers (name) values ('Grace')");

    Outcome outcome = production.slipway(needing, "restore", newest(), "--yes");

    assertThat(outcome.text())
        .contains(
            "was proved with schema added, not " + releases.head(),
            "no price list",
            "The database is what it was before");
    assertThat(outcome.exitCode()).isEqualTo(4);
    expectNothingRestored(needing, "RESTORE ROLLED_BACK ");
  }

  @Test
  @Order(7)
  void restoresNothingThatDiffersFromWhatWasNoted() {
    production.onServer(
        "sed -i '1i fact rows public.nowhere 1' " + FOLDER + "/" + newest() + ".facts");

    Outcome outcome = production.slipway(good, "restore", newest(), "--yes");

    assertThat(outcome.text()).contains("the database has `rows public.nowhere 1`");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(
            production.query(
                "select count(*) from pg_database where datname = 'platform_restored'"))
        .isEqualTo("0");
    assertThat(production.query("select count(*) from customers")).isEqualTo("2");
  }

  @Test
  @Order(8)
  void keepsEveryRowAndServesAgainWhenItIsKilledBetweenExchangeAndStartAndRepeated() {
    String backup = newest();
    production.query("insert into customers (name) values ('Edith')");
    kill(Pauses.At.before("docker start "), "restore", backup, "--yes");
    assertThat(customersIn("platform_replaced_1")).isEqualTo("3");
    production.expireLock();

    Outcome outcome = production.succeed(good, "restore", backup, "--yes");

    assertThat(outcome.text())
        .contains(
            "(not running now: backend)",
            "from a restore that was cut off: platform_replaced_1;",
            "Restored " + backup);
    assertThat(customersIn("platform")).isEqualTo("2");
    assertThat(customersIn("platform_replaced_1")).isEqualTo("3");
    assertThat(last(production.ledger())).startsWith("RESTORE SERVING ");
    assertThat(production.locked()).isFalse();
  }

  private void kill(Pauses.At moment, String... words) {
    try (Pauses pauses = new Pauses(production)) {
      pauses.arm(moment);
      try (SlipwayProcess process =
          SlipwayProcess.start(production, good, production.variables(good), words)) {
        pauses.await(moment, process::isAlive, process::text);
        process.signal("KILL");
        process.awaitEnd();
        pauses.abandon();
      }
    }
  }

  private void expectNothingRestored(Candidate serving, String entry) {
    assertThat(production.query("select count(*) from customers")).isEqualTo("2");
    assertThat(production.schema()).isEqualTo(ADDED_REVISION);
    assertThat(production.servedVersion()).isEqualTo(serving.commit());
    assertThat(last(production.ledger())).isEqualTo(entry + serving.commit());
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }
}
