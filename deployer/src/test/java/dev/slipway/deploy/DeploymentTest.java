package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ImageCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.PretendServer.Container;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole story of a deployment that replaces containers in place, as compose does it. */
@Timeout(30)
class DeploymentTest extends DeploymentBench {

  DeploymentTest() {
    super(COMPOSE);
  }

  @Test
  void bringsAFirstReleaseToAnEmptyServer() {
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.containers)
        .containsOnlyKeys("postgres", "redis", "backend", "frontend", "nginx");
    assertThat(server.schema).isEqualTo("rev1");
    assertThat(server.environmentFile).containsEntry("TAG", FIRST);
    assertThat(latest).containsExactly(FIRST);
    assertThat(history().current()).contains(first);
    assertThat(server.lock).isEmpty();
    assertThat(lines.get(lines.size() - 1)).startsWith("Serving aaaaaaaaaaaa after ");
  }

  @Test
  void replacesOnlyWhatChanged() {
    firstServes();

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.ran)
        .filteredOn(command -> command.contains(" up "))
        .singleElement()
        .asString()
        .endsWith(" up -d --no-deps --no-build backend");
    assertThat(server.head).isEqualTo(SECOND);
    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(lastEntry().schemaAfter()).contains("rev1");
  }

  @Test
  void doesNothingTheSecondTime() {
    firstServes();

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);

    assertThat(lines).containsExactly("Nothing to do: aaaaaaaaaaaa is serving.");
    assertThat(history().entries()).hasSize(1);
    assertThat(server.ran).noneMatch(command -> command.contains(" up "));
    assertThat(server.lock).isEmpty();
  }

  @Test
  void planChangesNothing() {
    String plan = deployment(Optional.empty()).plan(Action.DEPLOY, first).toString();

    assertThat(plan).startsWith("Plan to serve aaaaaaaaaaaa:\n");
    assertThat(server.containers).isEmpty();
    assertThat(server.ledger).isEmpty();
  }

  @Test
  void plansNoSecondPlatformWhereThisOneRunsAsAnotherProject() {
    firstServes();
    server.containers.clear();
    server.namesakes = "platform-v1|/opt/platform-v2|registry.example/backend:x\n";

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> deployment(Optional.empty()).plan(Action.DEPLOY, second));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "The compose project platform-v2 has no container, and this platform runs as platform-v1,"
                + " started from /opt/platform-v2: another one would begin beside it, with an empty database.");
    assertThat(refused.advice()).startsWith("Write `name: platform-v1` into slipway.yml");
    assertThatThrownBy(() -> deploy(second)).hasMessage(refused.what());
    assertThat(server.containers).isEmpty();
    assertThat(server.lock).isEmpty();
  }

  @Test
  void knowsItselfByTheImageThatServesWhereItsFolderWasMoved() {
    firstServes();
    server.containers.clear();
    server.namesakes = "platform-v1|/opt/platform-v1|registry.example/backend:" + FIRST + "\n";

    assertThatThrownBy(() -> deploy(second)).hasMessageContaining("runs as platform-v1");

    server.namesakes = "staging|/opt/gone|registry.example/backend:" + SECOND + "\n";
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void refusesACommitThatIsOlderThanTheOneThatServesButGoesBackToIt() {
    server.parents.put(SECOND, FIRST);
    firstServes();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploy(first));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo("Commit aaaaaaaaaaaa is older than bbbbbbbbbbbb, which serves.");
    assertThatThrownBy(() -> deployment(Optional.empty()).plan(Action.DEPLOY, first))
        .hasMessage(refused.what());
    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(history().entries()).hasSize(2);
    assertThat(server.lock).isEmpty();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(deployment(Optional.empty()).run(Action.ROLLBACK, first))
        .isEqualTo(ExitCode.SUCCESS);
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void goesNotBackToWhereItWouldHaveGoneBeforeAnotherRunEnded() {
    firstServes();
    History known = history();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> deployment(Optional.empty()).rollBack(first, known));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo("Another run has ended since this rollback chose where to go.");
    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.lock).isEmpty();
    assertThat(deployment(Optional.empty()).rollBack(first, history())).isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void migratesInTheNewImageBeforeTheSwap() {
    firstServes();

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.schema).isEqualTo("rev2");
    assertThat(server.ran.indexOf(command("backend alembic upgrade head")))
        .isLessThan(server.ran.indexOf(command(" up -d")));
  }

  @Test
  void backsUpAndProvesTheBackupBeforeItMigrates() {
    firstServes();

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.database.backups)
        .hasSize(1)
        .containsValue("fact rows public.customers 3\nproof restore\n");
    assertThat(server.database.backups.keySet().iterator().next())
        .isEqualTo("20260101T000006Z-aaaaaaaaaaaa-rev1.dump");
    assertThat(lastEntry().backup()).contains("20260101T000006Z-aaaaaaaaaaaa-rev1.dump");
    assertThat(server.ran.indexOf(command("pg_restore")))
        .isLessThan(server.ran.indexOf(command("alembic upgrade head")));
    assertThat(server.database.holder).isEmpty();
  }

  @Test
  void leavesNoProofOfABackupThatItDoesNotTake() {
    firstServes();
    var migrating = release(SECOND, "2", "rev2");
    server.registry.clear();

    assertThat(deploy(migrating)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.database.left).isEmpty();
    assertThat(server.database.backups).isEmpty();
  }

  @Test
  void migratesNothingWhereADatabaseThatDidNotRunTurnsOutToBeThere() {
    firstServes();
    server.ran.clear();
    server.containers.clear();

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.containers).containsKeys("postgres", "backend");
    assertThat(server.database.backups).isEmpty();
    assertThat(server.ran).noneMatch(command -> command.contains("alembic upgrade head"));
    assertThat(lines)
        .anyMatch(
            line ->
                line.contains("The database is at rev1 already: there is no migration to come."));
  }

  @Test
  void backsUpADatabaseThatDidNotRunByTheRevisionThatItTurnsOutToHave() {
    firstServes();
    server.containers.clear();

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.schema).isEqualTo("rev2");
    assertThat(server.database.backups.keySet())
        .allMatch(name -> name.endsWith("-aaaaaaaaaaaa-rev1.dump"))
        .hasSize(1);
  }

  @Test
  void tellsOfNoMovedSchemaWhereTheDatabaseDidNotRunBefore() {
    firstServes();
    server.containers.clear();
    server.sick.add("sha256:backend2");

    deploy(second);

    assertThat(lines).noneMatch(line -> line.contains("The schema was NOT reverted"));
  }

  @Test
  void takesNoBackupWithoutAMigration() {
    firstServes();

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.database.backups).isEmpty();
    assertThat(lastEntry().backup()).isEmpty();
  }

  @Test
  void migratesNothingWhenTheBackupIsNotWhatTheDatabaseHas() {
    firstServes();
    server.database.restored = "fact rows public.customers 2\n";

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.schema).isEqualTo("rev1");
    assertThat(server.ran).noneMatch(command -> command.contains("alembic upgrade head"));
    assertThat(server.database.backups).isEmpty();
    assertThat(server.database.holder).isEmpty();
    assertThat(lines)
        .contains(
            "FAILED: The backup does not bring back what the database has: the database has"
                + " `rows public.customers 3`; the copy has `rows public.customers 2`.",
            "Nothing was swapped: aaaaaaaaaaaa serves as before.");
  }

  @Test
  void migratesNothingWithoutRoomForABackup() {
    firstServes();
    server.database.room = "/dev/sda1 9 9 300000 1% /\n/dev/sda1 9 9 300000 1% /\n";

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.schema).isEqualTo("rev1");
    assertThat(lines)
        .contains(
            "FAILED: There is no room for the backup in /opt/platform-v2/.slipway/backups: 293.0 MiB are free,"
                + " 531.1 MiB are needed for a database of 7.6 MiB.");
  }

  @Test
  void migratesNothingWhileSomebodyElseMigrates() {
    firstServes();
    server.database.holder = "psql\tpid 42 (psql, user ann) since noon";

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.schema).isEqualTo("rev1");
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith(
                    "FAILED: Somebody else migrates this database: pid 42 (psql, user ann) since noon"));
  }

  @Test
  void endsWithTheWayToRestoreWhenTheSchemaStaysAhead() {
    firstServes();
    server.sick.add("sha256:backend2");

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);

    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            "To have the database as it was before, without the rows written since:"
                + " `slipway restore 20260101T000006Z-aaaaaaaaaaaa-rev1.dump`");
    assertThat(lastEntry().backup()).contains("20260101T000006Z-aaaaaaaaaaaa-rev1.dump");
  }

  @Test
  void namesTheBackupOfTheSchemaThatFitsAndNotOneOfAMigrationThatWentHalfWay() {
    firstServes();
    var migrating = release(SECOND, "2", "rev2");
    once("alembic upgrade head", this::migratesHalfWay);
    assertThat(deploy(migrating)).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);
    server.sick.add("sha256:backend2");

    assertThat(deploy(migrating)).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);

    assertThat(lastEntry().backup()).hasValueSatisfying(name -> assertThat(name).contains("half"));
    assertThat(lines.get(lines.size() - 1)).endsWith("-aaaaaaaaaaaa-rev1.dump`");
  }

  /** As with a block that commits by itself. */
  private void migratesHalfWay(ShellCommand command) {
    server.schema = "half";
    throw new SlipwayException(
        ExitCode.FAILED_OLD_VERSION_SERVING, "It failed half-way.", "Deploy again.");
  }

  private void triesHalfWay(ReleaseManifest release, int times) {
    server.troubles.add(
        command -> {
          if (command.toString().contains("alembic upgrade head")) {
            migratesHalfWay(command);
          }
          return Optional.empty();
        });
    for (int i = 0; i < times; i++) {
      clock.accept(Duration.ofSeconds(60));
      assertThat(deploy(release)).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);
    }
    assertThat(server.database.backups).hasSize(6);
  }

  @Test
  void keepsTheBackupOfTheSchemaThatWasLastWellHoweverOftenAMigrationGoesHalfWay() {
    firstServes();
    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);
    assertThat(deployment(Optional.empty()).run(Action.ROLLBACK, first))
        .isEqualTo(ExitCode.SUCCESS);
    server.database.backups.clear();

    triesHalfWay(release(SECOND, "2", "rev3"), 8);

    assertThat(server.database.backups.keySet().iterator().next()).endsWith("-rev2.dump");
  }

  @Test
  void keepsTheBackupOfWhatWasDeployedByHandHoweverOftenAMigrationGoesHalfWay() {
    server.schema = "rev1";
    server.database.tables = 3;
    server.environmentFile.putAll(Map.of("REGISTRY", "registry.example", "TAG", "by-hand"));
    for (String service : List.of("backend", "frontend", "nginx", "postgres", "redis")) {
      boolean foreign = service.equals("postgres") || service.equals("redis");
      String image = foreign ? service + ":15" : "registry.example/" + service + ":by-hand";
      String id = "sha256:" + (foreign ? image : service + "0");
      server.images.putAll(Map.of(image, id, id, id));
      server.containers.put(service, new Container(image, id, "running"));
    }

    triesHalfWay(release(SECOND, "2", "rev2"), 8);

    assertThat(server.database.backups.keySet().iterator().next()).endsWith("-rev1.dump");
    assertThat(lines.get(lines.size() - 1)).endsWith("-rev1.dump`");
  }

  @Test
  void rollsBackWithTheWayToRestoreWhereTheSchemaIsAhead() {
    firstServes();
    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);

    assertThat(deployment(Optional.empty()).run(Action.ROLLBACK, first))
        .isEqualTo(ExitCode.SUCCESS);

    assertThat(lines.get(lines.size() - 2))
        .startsWith("The schema was NOT reverted: it went from rev1 to rev2.");
    assertThat(lines.get(lines.size() - 1))
        .endsWith("`slipway restore 20260101T000006Z-aaaaaaaaaaaa-rev1.dump`");
  }

  @Test
  void keepsTheOldVersionWhenAPullFails() {
    firstServes();
    server.registry.clear();

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.head).isEqualTo(FIRST);
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(lastEntry().serving()).contains(FIRST);
    assertThat(latest).isEmpty();
    assertThat(server.lock).isEmpty();
    assertThat(lines).contains("Nothing was swapped: aaaaaaaaaaaa serves as before.");
  }

  @Test
  void leavesTheBranchAloneWhenTheCheckoutWasNeverMoved() {
    server.registry.clear();

    assertThat(deploy(first)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.onBranch).isTrue();
  }

  @Test
  void restoresTheCheckoutWhenTheMigrationFails() {
    firstServes();
    answer("alembic upgrade head", new CommandResult(1, "boom", ""));

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.head).isEqualTo(FIRST);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(lines).contains("FAILED: The migration failed with exit status 1.");
  }

  @Test
  void refusesAMigrationThatSaysSuccessAndDidNothing() {
    firstServes();
    answer("alembic upgrade head", PretendServer.said(""));

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(lines)
        .contains("FAILED: The migration exited with 0, but the database is at rev1, not at rev2.");
  }

  @Test
  void rollsBackWhenTheGateStaysRed() {
    firstServes();
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.head).isEqualTo(FIRST);
    assertThat(server.environmentFile).containsEntry("TAG", FIRST);
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(lastEntry().serving()).contains(FIRST);
    assertThat(history().current()).contains(first);
    assertThat(latest).isEmpty();
    assertThat(lines)
        .contains(
            "The last lines of backend:",
            "      the last words of backend",
            "Rolled back: aaaaaaaaaaaa serves again.");
  }

  @Test
  void showsNoSecretOfTheServersEnvironmentFileWhateverIsPrinted() {
    firstServes();
    server.environmentFile.put("POSTGRES_PASSWORD", "correct horse");
    server.environmentFile.put("DATABASE_URL", "postgresql://platform:battery%21@db/platform");
    server.environmentFile.put("SMTP_TOKEN", "short");
    String words = "postgresql://platform:battery%21@db with battery! and correct horse, short";
    answer(" logs ", PretendServer.said(words + "\n"));
    once(
        " up -d",
        command -> {
          throw new SlipwayException(ExitCode.UNKNOWN_STATE, "It said " + words, "See " + words);
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    String secretless = "postgresql://platform:[secret]@db with [secret] and [secret], short";
    assertThat(lines)
        .contains("FAILED: It said " + secretless, "        See " + secretless)
        .contains("      " + secretless);
    assertThat(String.join("\n", lines) + server.ledger + String.join("\n", server.ran))
        .doesNotContain("battery", "correct horse");
    assertThat(lastEntry().reason()).contains("It said " + secretless);
  }

  @Test
  void goesOnDuringMaintenanceUnlessThatWouldEndIt() {
    firstServes();
    server.maintenance = true;

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> deploy(release(SECOND, "2", "rev1", "nginx")));
    assertThat(refused.what()).contains("this plan replaces nginx");
    assertThat(server.head).isEqualTo(FIRST);

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines)
        .anyMatch(line -> line.contains("Maintenance is on and stays on: users get 503 until"));
  }

  @Test
  void changesNothingWhenTheHookBeforeFails() {
    firstServes();
    settings = "hooks: {before: {run: [./freeze, check]}}";
    answer("./freeze check", new CommandResult(3, "", "frozen until Monday"));

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploy(second));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "The hook before the deployment failed with exit status 3: frozen until Monday.");
    assertThat(server.head).isEqualTo(FIRST);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(history().entries()).hasSize(1);
    assertThat(server.lock).isEmpty();
  }

  @Test
  void tellsTheHookAfterThatTheOneBeforeFailed() {
    settings = "hooks: {before: {run: ./freeze}, after: {run: ./thaw}}";
    List<Optional<String>> told = new ArrayList<>();
    answer("./freeze", new CommandResult(3, "", "frozen until Monday"));
    server.troubles.add(
        command -> {
          if (!command.toString().equals("./thaw")) {
            return Optional.empty();
          }
          told.add(Optional.ofNullable(command.environment().get("SLIPWAY_OUTCOME")));
          return Optional.of(new CommandResult(1, "", "nothing to thaw"));
        });

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploy(first));

    assertThat(refused.what()).startsWith("The hook before the deployment failed");
    assertThat(told).containsExactly(Optional.of("REFUSED"));
    assertThat(server.lock).isEmpty();
  }

  @Test
  void tellsTheHookAfterHowItEnded() {
    settings = "hooks: {after: {run: ./announce}}";
    List<String> told = new ArrayList<>();
    server.troubles.add(
        command -> {
          if (!command.toString().equals("./announce")) {
            return Optional.empty();
          }
          told.add(command.environment().get("SLIPWAY_OUTCOME") + " " + command.directory().get());
          assertThat(server.lock).isPresent();
          return Optional.of(new CommandResult(told.size() == 1 ? 0 : 1, "", "no such channel"));
        });

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    assertThat(deploy(second)).isEqualTo(ExitCode.SERVING_INCOMPLETE);

    assertThat(told).containsExactly("SUCCESS " + CHECKOUT, "SUCCESS " + CHECKOUT);
    assertThat(lines)
        .contains(
            "FAILED: The hook after the deployment failed with exit status 1: no such channel.");
  }

  @Test
  void tellsTheHookAfterOfAFailureAndKeepsItsCode() {
    firstServes();
    settings = "hooks: {after: {run: [sh, -c, 'exit 1'], where: local}}";
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(lines).contains("Hook after the deployment: sh -c exit 1 (local)");
  }

  @Test
  void showsNoSecretThatAnOldLedgerEntryNames() {
    server.ledger =
        Json.line(
                new LedgerEntry(
                    Instant.EPOCH,
                    Action.DEPLOY,
                    Outcome.ROLLED_BACK,
                    first,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "ann@laptop",
                    1,
                    Optional.of("wrong password swordfish"),
                    Optional.empty(),
                    Map.of()))
            + "\n";

    assertThat(host(Optional.empty()).history().entries())
        .extracting(LedgerEntry::reason)
        .containsExactly(Optional.of("wrong password [secret]"));
  }

  @Test
  void refusesAServerWhoseSecretsItMayNotRead() {
    answer("slipway /opt/platform-v2/.env", PretendServer.failed("Permission denied"));

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploy(first));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo("/opt/platform-v2/.env cannot be read on the server: Permission denied.");
  }

  @Test
  void rollsBackAtOnceWhenTheReleaseKeepsCrashing() {
    firstServes();
    server.sick.add("sha256:backend2");
    server.restarts.put("backend", 5);
    server.troubles.add(
        command -> {
          if (looksAtContainers(command) && backendImage().equals("sha256:backend2")) {
            server.restarts.merge("backend", 1, Integer::sum);
          }
          return Optional.empty();
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(lines)
        .contains(
            "FAILED: Service backend keeps crashing: restarted 3 times in 1 s.",
            "The last lines of backend:");
    assertThat(lastEntry().seconds()).isLessThan(5);
  }

  @Test
  void admitsThatItDoesNotKnowWhenWhatItBroughtBackKeepsCrashing() {
    firstServes();
    server.sick.addAll(List.of("sha256:backend1", "sha256:backend2"));
    server.troubles.add(
        command -> {
          if (looksAtContainers(command) && backendImage().equals("sha256:backend1")) {
            server.restarts.merge("backend", 1, Integer::sum);
          }
          return Optional.empty();
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(lines)
        .anyMatch(line -> line.startsWith("FAILED: The health gate stayed shut for 10 s"))
        .contains("FAILED: Service backend keeps crashing: restarted 3 times in 1 s.");
  }

  @Test
  void rollsBackWhenTheOldVersionStillAnswers() {
    firstServes();
    server.versions.put("sha256:backend2", "1");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(lines).contains("      not yet: version 1 answers, not 2");
  }

  @Test
  void saysSoWhenTheSchemaStaysAhead() {
    firstServes();
    server.sick.add("sha256:backend2");

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);

    assertThat(server.schema).isEqualTo("rev2");
    assertThat(lines)
        .anyMatch(
            line -> line.startsWith("The schema was NOT reverted: it went from rev1 to rev2."));
    assertThat(lastEntry().schemaBefore()).contains("rev1");
    assertThat(lastEntry().schemaAfter()).contains("rev2");
  }

  @Test
  void goesBackWhenTheSwapItselfFails() {
    firstServes();
    once(
        " up -d",
        command -> {
          throw new SlipwayException(ExitCode.UNKNOWN_STATE, "Port 80 is taken.", "Free it.");
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(lines).contains("FAILED: Port 80 is taken.");
  }

  @Test
  void goesBackEvenWhenTheLogsCannotBeRead() {
    firstServes();
    server.sick.add("sha256:backend2");
    once(
        " logs ",
        command -> {
          throw new SlipwayException(ExitCode.UNKNOWN_STATE, "It did not end.", "Wait.");
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(lines).contains("No more of the services' logs can be read: It did not end.");
  }

  @Test
  void goesBackAfterAFaultOfItsOwn() {
    firstServes();
    once(
        " up -d",
        command -> {
          throw new IllegalStateException("a bug");
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(lines).anyMatch(line -> line.contains("Slipway itself failed"));
  }

  @Test
  void goesBackWithoutAServiceThatOnlyTheNewReleaseHas() {
    server.composeFiles.put(FIRST, COMPOSE.replaceAll("(?m)^  redis:.*\n", ""));
    firstServes();
    assertThat(server.containers).doesNotContainKey("redis");
    answer(" up -d --no-deps --no-build redis", PretendServer.failed("redis does not start"));

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  @Test
  void goesBackToACommitThatAShallowCloneLacks() {
    firstServes();
    notHere.add(FIRST);
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
  }

  @Test
  void bringsBackWhatWasDeployedByHand() {
    deployedByHand();
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(backendImage()).isEqualTo("sha256:backend0");
    assertThat(server.environmentFile).containsEntry("TAG", "by-hand");
    assertThat(server.head).isEqualTo(FIRST);
  }

  @Test
  void bringsBackWhatWasDeployedByHandBesideAnImageThatIsPinned() {
    deployedByHand();
    server.containers.put(
        "postgres",
        new Container("postgres:15@sha256:" + "0f".repeat(32), "sha256:postgres0", "running"));
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(backendImage()).isEqualTo("sha256:backend0");
  }

  @Test
  void bringsBackWhatWasDeployedByHandAfterAttemptsThatLeftIt() {
    deployedByHand();
    Map<String, String> registry = Map.copyOf(server.registry);
    server.registry.clear();
    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);
    server.registry.putAll(registry);
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(backendImage()).isEqualTo("sha256:backend0");
  }

  @Test
  void takesNoFailedFirstDeploymentForWhatServedBefore() {
    server.sick.addAll(List.of("sha256:backend1", "sha256:backend2"));
    assertThat(deploy(first)).isEqualTo(ExitCode.UNKNOWN_STATE);
    lines.clear();

    assertThat(deploy(second)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(lines)
        .anyMatch(line -> line.startsWith("Nothing served before"))
        .noneMatch(line -> line.startsWith("Bringing back"));
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(backendImage()).isEqualTo("sha256:backend2");
  }

  private void deployedByHand() {
    server.schema = "rev1";
    server.environmentFile.putAll(Map.of("REGISTRY", "registry.example", "TAG", "by-hand"));
    for (String service : List.of("backend", "frontend", "nginx", "postgres", "redis")) {
      boolean ours = !service.equals("postgres") && !service.equals("redis");
      String image = ours ? "registry.example/" + service + ":by-hand" : service + ":15";
      String id = "sha256:" + service + "0";
      server.images.putAll(Map.of(image, id, id, id));
      server.containers.put(service, new Container(image, id, "running"));
    }
  }

  @Test
  void admitsThatItDoesNotKnowWhenTheWayBackFailsToo() {
    firstServes();
    server.sick.addAll(List.of("sha256:backend1", "sha256:backend2"));

    assertThat(deploy(second)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(lastEntry().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(lastEntry().serving()).isEmpty();
    assertThat(server.lock).isEmpty();
  }

  @Test
  void admitsThatItDoesNotKnowWhenTheConnectionIsLost() {
    firstServes();
    boolean[] lost = {false};
    server.troubles.add(
        command -> {
          lost[0] |= command.toString().contains("docker pull");
          if (lost[0] && !command.toString().contains("rm -rf")) {
            throw new SlipwayException(ExitCode.UNKNOWN_STATE, "The connection was lost.", "Look.");
          }
          return Optional.empty();
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.UNKNOWN_STATE);
  }

  @Test
  void neverCallsAWayBackThatNobodySawASuccess() {
    firstServes();
    server.containers.put(
        "backend", new Container("registry.example/backend:" + FIRST, "sha256:backend1", "exited"));
    server.sick.add("sha256:backend1");

    assertThat(deploy(first)).isEqualTo(ExitCode.UNKNOWN_STATE);
  }

  @Test
  void leavesAFailedFirstDeploymentToLookAt() {
    server.sick.add("sha256:backend1");

    assertThat(deploy(first)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(lines).anyMatch(line -> line.startsWith("Nothing served before this first"));
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  @Test
  void waitsForAnEdgeThatRestarts() {
    int[] looks = {0};
    server.troubles.add(
        command -> {
          Container edge = server.containers.get("nginx");
          boolean asked = lines.stream().anyMatch(line -> line.contains("] wait until the edge"));
          if (edge != null && asked && looksAtContainers(command)) {
            looks[0]++;
            String state = looks[0] < 3 ? "restarting" : "running";
            server.containers.put("nginx", new Container(edge.image(), edge.imageId(), state));
          }
          return Optional.empty();
        });

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines)
        .contains("      not yet: no answer: service nginx publishes no port; it may have stopped");
  }

  @Test
  void servesIncompleteWhenLatestCannotBeMovedAndFinishesTheNextTime() {
    moveLatest =
        release -> {
          throw SlipwayException.refused("The registry is down.", "Start it.");
        };

    assertThat(deploy(first)).isEqualTo(ExitCode.SERVING_INCOMPLETE);
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.SERVING);
    assertThat(lastEntry().reason()).contains("The registry is down.");

    moveLatest = release -> latest.add(release.commit());
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    assertThat(latest).containsExactly(FIRST);
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines.get(lines.size() - 1)).startsWith("Nothing to do");
  }

  @Test
  void servesIncompleteWhenTheLedgerCannotBeWritten() {
    answer("cat >> ", PretendServer.failed("No space left on device"));

    assertThat(deploy(first)).isEqualTo(ExitCode.SERVING_INCOMPLETE);
    assertThat(lines).anyMatch(line -> line.contains("cannot be written: No space left"));
  }

  @Test
  void refusesWhileSomebodyElseHoldsTheLock() {
    server.lock =
        Optional.of(
            "{\"by\":\"ann@laptop\",\"commit\":\"c0f\",\"since\":\"2026-01-01T00:00:00Z\"}");

    server.silence = Duration.ofSeconds(89);

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploy(first));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.LOCKED);
    assertThat(refused.what())
        .isEqualTo(
            "The server is locked by ann@laptop, who deploys c0f since 2026-01-01T00:00:00Z and was"
                + " last heard of 89 s ago.");
    assertThat(server.lock).isPresent();
    assertThat(server.containers).isEmpty();
  }

  /** A holder with a heartbeat, as another run would write it. */
  private static boolean looksAtContainers(ShellCommand command) {
    return command
        .toString()
        .startsWith("sh -c 'ids=$(docker ps --all --quiet --no-trunc --filter");
  }

  private static String otherRun() {
    return "{\"by\":\"ann@laptop\",\"commit\":\"c0f\",\"since\":\"2026-01-01T00:00:00Z\","
        + "\"origin\":{\"user\":\"ann\",\"machine\":\"laptop\",\"id\":12},"
        + "\"timeToLive\":\"PT1M30S\"}";
  }

  @Test
  void takesOverTheLockOfADeadRunAndSaysSo() {
    server.lock = Optional.of(otherRun());
    server.silence = Duration.ofSeconds(90);

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);

    assertThat(lines)
        .contains(
            "Took over the lock of ann@laptop (ann, process 12 on laptop), who deploys c0f since"
                + " 2026-01-01T00:00:00Z and was last heard of 90 s ago, longer than the 90 s that"
                + " it may be silent.");
    assertThat(server.lock).isEmpty();
  }

  @Test
  void endsWhatADeadRunHasLeftAlthoughItMigratesNothingItself() {
    firstServes();
    server.lock = Optional.of(otherRun());
    server.silence = Duration.ofSeconds(90);
    server.database.holder = "slipway migrates from /opt/platform-v2\tpid 7";
    server.database.left.addAll(Set.of("platform-v2-run", "proof", "part"));

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(lines).noneMatch(line -> line.contains("migrate the schema"));
    assertThat(server.database.holder).isEmpty();
    assertThat(server.database.left).isEmpty();
  }

  @Test
  void givesALockWithoutHeartbeatAnHour() {
    server.lock =
        Optional.of(
            "{\"by\":\"ann@laptop\",\"commit\":\"c0f\",\"since\":\"2026-01-01T00:00:00Z\"}");
    server.silence = Duration.ofMinutes(59);
    assertThatThrownBy(() -> deploy(first)).hasMessageContaining("last heard of 3540 s ago");

    server.silence = Duration.ofMinutes(60);
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void takesOverALockWhoseOwnerCannotBeRead() {
    server.lock = Optional.of("{\"by\":");
    server.silence = Duration.ofHours(1);

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines).anyMatch(line -> line.contains("somebody who left no readable name"));
  }

  @Test
  void namesTheOneWhoTookOverFirst() {
    server.lock = Optional.of("{\"by\":\"dead\"}");
    server.silence = Duration.ofHours(1);
    once(
        "heir=",
        command -> {
          server.lock = Optional.of(otherRun());
          server.silence = Duration.ZERO;
        });

    assertThatThrownBy(() -> deploy(first))
        .hasMessageStartingWith("The server is locked by ann@laptop (ann, process 12 on laptop)");
    assertThat(server.lock).contains(otherRun());
  }

  @Test
  void writesWhoHoldsTheLockAndForHowLongItMayBeSilent() {
    List<String> written = new ArrayList<>();
    once(" up -d", command -> written.addAll(server.lock.stream().toList()));

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);

    assertThat(written)
        .singleElement()
        .asString()
        .startsWith("{\"by\":\"tester@here\",\"commit\":\"aaaaaaaaaaaa\",\"since\":\"")
        .endsWith(
            "\"origin\":{\"user\":\"tester\",\"machine\":\"here\",\"id\":4711},"
                + "\"timeToLive\":\"PT1M30S\"}");
  }

  @Test
  void touchesNothingMoreOnceItsLockWasTakenAway() {
    firstServes();
    once("docker pull", command -> server.lock = Optional.of(otherRun()));

    assertThat(deploy(second)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(String.join("\n", lines))
        .containsOnlyOnce(
            "FAILED: This run's lock was taken away meanwhile and is held by ann@laptop (ann,"
                + " process 12 on laptop), who deploys c0f since 2026-01-01T00:00:00Z and was last"
                + " heard of 0 s ago: the two may have undone each other's work.");
    assertThat(server.lock).contains(otherRun());
    assertThat(server.ran).noneMatch(command -> command.contains(" up -d"));
    assertThat(server.head).isEqualTo(FIRST);
    assertThat(history().entries()).hasSize(1);
  }

  @Test
  void bringsNothingBackWhereAStepFailedBecauseAnotherRunHasTheLock() {
    firstServes();
    once(" up -d", command -> server.lock = Optional.empty());
    answer(" up -d", PretendServer.failed("no such container"));

    assertThat(deploy(second)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(lines)
        .anyMatch(line -> line.startsWith("FAILED: ") && line.contains("no such container"))
        .contains(
            "FAILED: This run's lock was taken away meanwhile: the two may have undone each other's work.");
    assertThat(server.ran.stream().filter(command -> command.contains(" up -d"))).hasSize(1);
    assertThat(history().entries()).hasSize(1);
  }

  @Test
  void refusesAServerWhereItMayNotKeepItsState() {
    answer("info/exclude", PretendServer.failed("Permission denied"));

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploy(first));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused)
        .hasToString(
            "The folder /opt/platform-v2/.slipway cannot be prepared on the server: Permission denied.\n"
                + "Give the deploying user the right to write there.");
  }

  @Test
  void keepsTheOldVersionAndUnlocksWhenInterruptedBeforeTheSwap() {
    firstServes();
    interruptAt("docker pull");

    ExitCode code = deploy(second);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);
    assertThat(server.lock).isEmpty();
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void goesBackAndUnlocksWhenInterruptedDuringTheSwap() {
    firstServes();
    interruptAt(" up -d");

    ExitCode code = deploy(second);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(server.lock).isEmpty();
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  @Test
  void unlocksWhenInterruptedWhileItLooks() {
    firstServes();
    interruptAt("docker ps");

    SlipwayException interrupted =
        catchThrowableOfType(SlipwayException.class, () -> deploy(second));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted.what()).contains("was interrupted");
    assertThat(server.lock).isEmpty();
  }

  @Test
  void recordsAReleaseThatServesThoughInterruptedAtTheVeryEnd() {
    moveLatest =
        release -> {
          latest.add(release.commit());
          Thread.currentThread().interrupt();
        };

    ExitCode code = deploy(first);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(ExitCode.SUCCESS);
    assertThat(history().current()).contains(first);
    assertThat(server.lock).isEmpty();
  }

  @Test
  void givesALockBackThatWasTakenByACommandCutShort() {
    once(
        "mkdir \"$lock\" 2>/dev/null",
        command -> {
          server.lock = command.input().map(Secret::reveal);
          Thread.currentThread().interrupt();
          throw PretendServer.interrupted(command);
        });

    SlipwayException interrupted =
        catchThrowableOfType(SlipwayException.class, () -> deploy(first));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted.what()).contains("was interrupted");
    assertThat(server.lock).isEmpty();
  }

  @Test
  void rollsBackOnRequestAndLeavesTheSchema() {
    firstServes();
    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);
    assertThat(history().previous()).contains(first);

    assertThat(deployment(Optional.empty()).run(Action.ROLLBACK, first))
        .isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.schema).isEqualTo("rev2");
    assertThat(server.environmentFile).containsEntry("TAG", FIRST);
    assertThat(history().current()).contains(first);
    assertThat(history().previous()).isEmpty();
    assertThat(lastEntry().action()).isEqualTo(Action.ROLLBACK);
  }

  @Test
  void noticesAChangedComposeFileAfterADeploymentThatWasKilled() {
    firstServes();
    server.composeFiles.put(SECOND, COMPOSE.replace("redis:15\"", "redis:15\", restart: always"));
    server.head = SECOND;
    server.commits.add(SECOND);

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(command(" up -d")).endsWith(" redis backend");
  }

  @Test
  void takesEachServiceForChangedWhereTheComposeFileHadAnotherName() {
    firstServes();
    server.composeFiles.remove(FIRST);
    server.composeFiles.put(SECOND, COMPOSE.replace("redis:15\"", "redis:15\", restart: always"));

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(command(" up -d")).contains(" redis ");
  }

  @Test
  void pullsANewServicesImageOnceTheComposeFileHasIt() {
    server.composeFiles.put(FIRST, COMPOSE.replaceAll("(?m)^  redis:.*\n", ""));
    firstServes();

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.ran.indexOf(command(" pull redis")))
        .isGreaterThan(server.ran.indexOf(command(" checkout ")));
  }

  @Test
  void showsNoPasswordWhenAPullFails() {
    RegistryLogin login =
        new RegistryLogin("registry.example", "robot", Secret.of("swordfish"), "REGISTRY_PASSWORD");
    answer("docker pull", PretendServer.failed("denied for robot:swordfish"));

    assertThat(deployment(Optional.of(login)).run(Action.DEPLOY, first))
        .isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(lines).anyMatch(line -> line.contains("docker pull registry.example/backend@"));
    assertThat(String.join("\n", server.ran) + String.join("\n", lines))
        .doesNotContain("swordfish");
  }

  @Test
  void logsInForEachPullAnewAndAsksForANewTokenWhenOneIsRefused() {
    RegistryLogin login =
        new RegistryLogin(
            "registry.example", "robot", Secret.of("swordfish"), "CI_REGISTRY_PASSWORD");
    List<String> logins = new ArrayList<>();
    server.troubles.add(
        command -> {
          if (!command.toString().contains("docker login")) {
            return Optional.empty();
          }
          logins.add(command.input().map(Secret::reveal).orElse("none"));
          return logins.size() < 3
              ? Optional.empty()
              : Optional.of(new CommandResult(ImageCommands.LOGIN_REFUSED, "", "401 Unauthorized"));
        });

    assertThat(deployment(Optional.of(login)).run(Action.DEPLOY, first))
        .isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(logins).containsExactly("swordfish", "swordfish", "swordfish");
    assertThat(lines)
        .contains(
            "FAILED: registry.example does not let robot in: 401 Unauthorized Token expired?",
            "        Renew CI_REGISTRY_PASSWORD and deploy again; what the server has it keeps.");
  }

  @Test
  void saysThatWhatNeedsNothingIsNotWell() {
    firstServes();
    server.sick.add("sha256:backend1");
    Instant began = clock.instant();

    assertThat(deploy(first)).isEqualTo(ExitCode.UNKNOWN_STATE);

    assertThat(lines)
        .noneMatch(line -> line.startsWith("Nothing to do"))
        .anyMatch(
            line ->
                line.startsWith(
                    "FAILED: There is nothing to change, aaaaaaaaaaaa runs as it was deployed, but it is not well: The health gate stayed shut for 3 s"));
    assertThat(Duration.between(began, clock.instant())).isLessThan(Duration.ofSeconds(5));
    assertThat(history().entries()).hasSize(1);
    assertThat(server.lock).isEmpty();
  }

  /** A first deployment that was killed after it had moved the checkout looks the same. */
  @Test
  void seesWhatAPullByHandHasChangedSinceAContainerWasMade() {
    deployedByHand();
    server.composeFiles.put(SECOND, COMPOSE.replace("redis:15\"", "redis:15\", restart: always"));
    server.commits.add(SECOND);
    server.heads.put(Instant.parse("2026-05-01T00:00:00Z"), FIRST);
    server.heads.put(Instant.parse("2026-05-03T00:00:00Z"), SECOND);
    server.head = SECOND;
    server.created.put("redis", "2026-05-02T10:00:00.123456789Z");
    server.created.put("postgres", "2026-05-04T00:00:00.5Z");

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(command(" up -d")).endsWith(" redis backend");
  }

  @Test
  void seesWhichMountedFileAPullByHandHasChanged() {
    String mounting =
        COMPOSE.replace("redis:15\"", "redis:15\", volumes: [\"./redis.conf:/etc/redis.conf\"]");
    deployedByHand();
    server.composeFiles.put(FIRST, mounting);
    server.composeFiles.put(SECOND, mounting);
    server.files.put(SECOND + ":redis.conf", "other");
    server.commits.add(SECOND);
    server.heads.put(Instant.parse("2026-05-01T00:00:00Z"), FIRST);
    server.heads.put(Instant.parse("2026-05-03T00:00:00Z"), SECOND);
    server.head = SECOND;
    server.created.put("redis", "2026-05-02T00:00:00Z");

    assertThat(deployment(Optional.empty()).plan(Action.DEPLOY, second).steps())
        .filteredOn(Step.UpdateServices.class::isInstance)
        .asString()
        .contains("unseen=[redis]");
  }
}
