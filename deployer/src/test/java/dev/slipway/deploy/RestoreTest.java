package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.PretendServer.Container;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.RestorePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestoreTest extends DeploymentBench {

  private static final String BACKUP = "20250101T000000Z-aaaaaaaaaaaa-rev1.dump";
  private static final String WRITTEN = "what users wrote";

  /** What no run outlives, as kill -9. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  RestoreTest() {
    super(COMPOSE);
  }

  @BeforeEach
  void theFirstServesAndThereIsABackup() {
    firstServes();
    server.database.backups.put(BACKUP, "fact rows public.customers 3\nproof restore\n");
  }

  private Restore restore() {
    return new Restore(
        host(Optional.empty()),
        log,
        clock,
        new Deployer("tester@here", new Deployer.Origin("tester", "here", 4711)));
  }

  private ExitCode restore(String backup) {
    clock.accept(Duration.ofSeconds(60));
    Restore restore = restore();
    return restore.run(restore.plan(backup));
  }

  private void killedAt(String fragment) {
    once(
        fragment,
        command -> {
          throw new Killed();
        });
    assertThat(catchThrowableOfType(Killed.class, () -> restore("latest"))).isNotNull();
    server.lock = Optional.empty();
  }

  private String state(String service) {
    Container container = server.containers.get(service);
    return container == null ? "none" : container.state();
  }

  @Test
  void putsABackupInTheDatabasesPlaceAndKeepsWhatWasThere() {
    assertThat(restore("latest")).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.database.databases)
        .isEqualTo(Map.of("platform", BACKUP, "platform_replaced", WRITTEN));
    assertThat(state("backend")).isEqualTo("running");
    assertThat(lastEntry().action()).isEqualTo(Action.RESTORE);
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.SERVING);
    assertThat(lastEntry().schemaAfter()).contains("rev1");
    assertThat(server.lock).isEmpty();
    assertThat(lines)
        .contains(
            "Restored " + BACKUP + ", and aaaaaaaaaaaa serves.",
            "What was before is kept as database platform_replaced until the next restore; drop it when nobody misses a row.");
  }

  @Test
  void dropsWhatTheRestoreBeforeHasReplaced() {
    restore("latest");
    server.database.databases.put("platform", "written since");

    assertThat(restore("latest")).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.database.databases)
        .isEqualTo(Map.of("platform", BACKUP, "platform_replaced", "written since"));
  }

  @Test
  void losesNoRowAndServesAgainWhenTheCommandIsRepeatedAfterAKillBetweenExchangeAndStart() {
    server.database.databases.put("platform_replaced", "of the restore before");
    killedAt("docker start");
    assertThat(state("backend")).isEqualTo("exited");

    RestorePlan plan = restore().plan("latest");
    assertThat(restore("latest")).isEqualTo(ExitCode.SUCCESS);

    assertThat(plan.backup()).isEqualTo(BACKUP);
    assertThat(plan.toString())
        .contains(
            "3. stop nothing (",
            "what the restore before has kept there is dropped",
            "5. start backend (not running now: backend)",
            "from a restore that was cut off: platform_replaced_1;",
            "`drop database \"platform_replaced_1\";`");
    assertThat(server.database.databases)
        .isEqualTo(
            Map.of(
                "platform", BACKUP,
                "platform_replaced", BACKUP,
                "platform_replaced_1", WRITTEN));
    assertThat(state("backend")).isEqualTo("running");
  }

  @Test
  void startsTheBackendAlsoWhenItGoesBackFromWhereItFoundItStopped() {
    killedAt("docker start");
    server.sick.add("sha256:backend1");

    restore("latest");

    assertThat(state("backend")).isEqualTo("running");
    assertThat(server.database.databases).containsEntry("platform_replaced_1", WRITTEN);
  }

  @Test
  void meansTheSameBackupWhenLatestIsRepeated() {
    server.database.restored = "fact rows public.customers 2\n";
    assertThat(restore("latest")).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);
    server.database.restored = server.database.rows;
    assertThat(restore("latest")).isEqualTo(ExitCode.SUCCESS);
    assertThat(server.database.backups).hasSize(2);

    assertThat(restore("latest")).isEqualTo(ExitCode.SUCCESS);

    assertThat(lastEntry().backup()).contains(BACKUP);
    String taken =
        server.database.backups.keySet().stream()
            .filter(name -> !name.equals(BACKUP))
            .findFirst()
            .orElseThrow();
    assertThat(server.database.backups.get(taken)).endsWith("proof restore\nbefore a restore\n");
    assertThat(restore().plan(taken).backup()).isEqualTo(taken);
  }

  @Test
  void saysThatThereIsNoBackupYet() {
    server.database.backups.clear();

    SlipwayException none = catchThrowableOfType(SlipwayException.class, () -> restore("latest"));

    assertThat(none.what()).isEqualTo("There is no backup on the server yet.");
    server.database.backups.put(BACKUP, "before a restore\n");
    assertThat(catchThrowableOfType(SlipwayException.class, () -> restore("latest")).what())
        .isEqualTo("There is no backup on the server that was taken before a migration.");
  }

  private SlipwayException refused(RestorePlan plan) {
    List<String> commands = List.copyOf(server.ran);
    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> restore().run(plan));
    assertThat(refused).isNotNull();
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(server.ran.subList(commands.size(), server.ran.size()))
        .noneMatch(command -> command.contains("docker stop"));
    assertThat(server.database.databases).containsEntry("platform", WRITTEN);
    assertThat(server.database.backups).hasSize(1);
    assertThat(server.lock).isEmpty();
    return refused;
  }

  @Test
  void doesNotCarryOutAPlanThatWasMadeForAnotherRelease() {
    RestorePlan plan = restore().plan("latest");
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(refused(plan).what())
        .isEqualTo("Since the plan was made, release bbbbbbbbbbbb has come to serve.");
    assertThat(backendImage()).isEqualTo("sha256:backend2");
  }

  @Test
  void doesNotCarryOutAPlanThatWasMadeForAnotherDatabase() {
    RestorePlan plan = restore().plan("latest");
    server.schema = "rev2";

    assertThat(refused(plan).what())
        .isEqualTo("Since the plan was made, the database has become another.");
  }

  @Test
  void makesNoUnprovedContainerTheHeirOfASwapThatWasCutOff() {
    server.swapping = true;

    SlipwayException refused = refused(restore().plan("latest"));

    assertThat(refused.what()).startsWith("A deployment was cut off");
    assertThat(refused.advice()).contains("`slipway deploy`", "`slipway rollback`");
    assertThat(server.swapping).isTrue();
  }

  private void answerAfterTheStart(String fragment, CommandResult answer) {
    boolean[] started = {false};
    server.troubles.add(
        command -> {
          boolean after = started[0];
          started[0] |= command.toString().contains("docker start");
          return after && command.toString().contains(fragment)
              ? Optional.of(answer)
              : Optional.empty();
        });
  }

  @Test
  void succeedsAlsoWhereTheSchemaCannotBeReadAfterwards() {
    answerAfterTheStart("alembic_version", PretendServer.failed("gone"));

    assertThat(restore("latest")).isEqualTo(ExitCode.SUCCESS);

    assertThat(lastEntry().outcome()).isEqualTo(Outcome.SERVING);
    assertThat(lastEntry().schemaAfter()).isEmpty();
    assertThat(lines)
        .anyMatch(line -> line.startsWith("Which schema the database has is not known: "));
  }

  @Test
  void saysThatItServesWhenThatCannotBeRecorded() {
    answerAfterTheStart("ledger.jsonl", PretendServer.failed("no room"));

    assertThat(restore("latest")).isEqualTo(ExitCode.SERVING_INCOMPLETE);

    assertThat(server.database.databases).containsEntry("platform", BACKUP);
    assertThat(lines)
        .contains("Restored " + BACKUP + ", and aaaaaaaaaaaa serves.")
        .anyMatch(line -> line.startsWith("FAILED: The ledger "));
  }

  private void failsItself(ShellCommand command) {
    throw new IllegalStateException("at " + command.arguments().get(1));
  }

  @Test
  void letsTheDatabasesChangeBackWhenSlipwayItselfFails() {
    once("docker start", this::failsItself);

    assertThat(restore("latest")).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(server.database.databases).containsEntry("platform", WRITTEN);
    assertThat(server.database.databases).doesNotContainKey("platform_replaced_1");
    assertThat(state("backend")).isEqualTo("running");
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(lines)
        .contains("FAILED: Slipway itself failed: java.lang.IllegalStateException: at start.");
  }

  @Test
  void saysThatNobodyKnowsWhenSlipwayItselfFailsOnTheWayBack() {
    once("docker start", this::failsItself);
    server.troubles.add(
        command -> {
          if (command
                  .input()
                  .map(input -> input.reveal().startsWith("select datname"))
                  .orElse(false)
              && command.arguments().contains("database=platform_restored")) {
            failsItself(command);
          }
          return Optional.empty();
        });

    assertThat(restore("latest")).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(server.database.databases).containsEntry("platform_replaced_1", WRITTEN);
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(lines)
        .contains(
            "If there is a database platform_replaced_1, that is the one that was before: keep it.");
  }

  @Test
  void recordsThatItWasInterruptedBeforeAnythingChanged() {
    interruptAt("--dbname=dbname=");

    assertThat(restore("latest")).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(server.database.databases).isEqualTo(Map.of("platform", WRITTEN));
  }

  @Test
  void changesBackWhenTheGateStaysRed() {
    once("docker start", command -> server.sick.add("sha256:backend1"));
    once("coming=platform_replaced_1", command -> server.sick.clear());

    assertThat(restore("latest")).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(server.database.databases).containsEntry("platform", WRITTEN);
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @Test
  void changesNothingOnceItsLockWasTakenAway() {
    String other = "{\"by\":\"ann@laptop\",\"commit\":\"c0f\",\"since\":\"2026-01-01T00:00:00Z\"}";
    once("--dbname=dbname=", command -> server.lock = Optional.of(other));

    String ledger = server.ledger;
    assertThat(restore("latest")).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(server.ledger).isEqualTo(ledger);
    assertThat(server.database.databases).containsEntry("platform", WRITTEN);
    assertThat(state("backend")).isEqualTo("running");
    assertThat(server.ran).noneMatch(command -> command.contains("docker stop"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("FAILED: This run's lock was taken away meanwhile"));
    assertThat(server.lock).contains(other);
  }

  @Test
  void keepsTheBackupThatItRestoresHoweverOldItIs() {
    for (int day = 1; day < 8; day++) {
      server.database.backups.put(
          "2024010" + day + "T000000Z-aaaaaaaaaaaa-rev0.dump",
          "fact rows public.customers 3\nproof restore\n");
    }
    String oldest = "20240101T000000Z-aaaaaaaaaaaa-rev0.dump";

    assertThat(restore(oldest)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.database.databases).containsEntry("platform", oldest);
    assertThat(server.database.backups)
        .containsKey(oldest)
        .doesNotContainKey("20240102T000000Z-aaaaaaaaaaaa-rev0.dump");
  }
}
