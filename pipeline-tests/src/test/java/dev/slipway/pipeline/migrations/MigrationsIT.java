package dev.slipway.pipeline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.SlipwayException;
import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.walk.CatalogDifference;
import dev.slipway.migrations.walk.RevisionWalk;
import dev.slipway.migrations.walk.WalkFinding;
import dev.slipway.migrations.walk.WalkOptions;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema goes up, down and up again without loss, and nothing but the migration command moves
 * it.
 */
@PipelineTest
@Tag("migrations")
@TestInstance(Lifecycle.PER_CLASS)
class MigrationsIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration STEP = Duration.ofMinutes(1);

  private final PlatformUnderTest platform;
  private final PlatformTestBed bed;
  private final List<String> alembicCommand;
  private final History history;

  MigrationsIT(PlatformUnderTest platform) {
    this.platform = platform;
    this.bed = new PlatformTestBed(platform);
    this.alembicCommand = platform.platform().migrations().command();
    try (Walker walker = Walker.start(bed, bed.createDatabase(), alembicCommand, STEP)) {
      this.history = walker.history();
    } catch (SlipwayException refusal) {
      throw PlatformUnderTest.finding(refusal);
    }
    if (history.heads().size() == 1) {
      platform.proveSchemaHead(history.heads().get(0));
    }
  }

  @Test
  void thereIsExactlyOneHead() {
    List<String> heads = history.heads();
    assertThat(heads)
        .withFailMessage(
            "alembic knows no revision; commit one, or say in slipway.yml where they are (`migrations.directory`).")
        .isNotEmpty();
    assertThat(heads)
        .withFailMessage(
            () ->
                "There are "
                    + heads.size()
                    + " heads, so `alembic upgrade head` refuses: "
                    + String.join(
                        ", ", heads.stream().map(id -> describe(history.revision(id))).toList())
                    + ". Join them with `alembic merge -m \"merge heads\" "
                    + String.join(" ", heads)
                    + "`, or let down_revision of the newer one name the other.")
        .hasSize(1);
  }

  private static String describe(Revision revision) {
    return revision + " in " + revision.file();
  }

  @Test
  void upgradeDowngradeUpgradeDoesWhatItSays() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      Catalog first = catalog(alembic);
      assertThat(first.isEmpty())
          .withFailMessage(
              "`alembic upgrade head` exited 0 and the version table says %s, but there is no table: env.py runs the revisions elsewhere or swallows their errors; let it raise and commit (`with context.begin_transaction():`).",
              head.id())
          .isFalse();
      fill(alembic);
      String target = history.below(head);
      CommandResult back = alembic.downgrade(target);
      WalkFinding.downgradeFailure(
              head,
              target,
              back,
              () -> wayBack(head),
              new TreeSet<>(head.parents()),
              current(alembic))
          .ifPresent(MigrationsIT::fail);
      fill(alembic);
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      List<String> differences =
          CatalogDifference.afterSecondUpgrade(head, first, catalog(alembic));
      assertThat(differences).withFailMessage(() -> String.join("\n", differences)).isEmpty();
    }
  }

  @Test
  void everyRevisionGoesUpDownAndUpAgain() {
    head();
    List<String> findings = RevisionWalk.findings(bed, alembicCommand, WalkOptions.FULL, LOG::info);
    assertThat(findings).withFailMessage(() -> String.join("\n", findings)).isEmpty();
  }

  @Test
  void nothingIsLeftAtBase() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      fill(alembic);
      require(alembic, "alembic downgrade base", alembic.downgrade("base"), Set.of());
      List<String> left =
          catalog(alembic).without(Catalog.EMPTY).stream()
              .map(
                  object ->
                      "after `alembic downgrade base` the "
                          + object.label()
                          + " is still there; add "
                          + object.removal()
                          + " to the downgrade() of the revision that makes it.")
              .toList();
      assertThat(left).withFailMessage(() -> String.join("\n", left)).isEmpty();
    }
  }

  @Test
  void upgradeLeavesNothingHalfDone() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      List<String> unfinished =
          alembic.session().unfinished().stream()
              .map(found -> "after `alembic upgrade head` " + found)
              .toList();
      assertThat(unfinished).withFailMessage(() -> String.join("\n", unfinished)).isEmpty();
    }
  }

  @Test
  void aRefusedUpgradeDoesNotExitZero() {
    head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      String database = alembic.session().database().name();
      alembic
          .session()
          .execute("alter database " + database + " set default_transaction_read_only = on");
      CommandResult result = alembic.upgrade("head");
      assertThat(result.exitStatus())
          .withFailMessage(
              "`alembic upgrade head` exits 0 on a database that refuses every write: env.py swallows errors, so a deployment would go on with the old schema. Let env.py raise (no `except` around `context.run_migrations()`). Its last words:\n%s",
              UnexpectedVersion.lastWords(result))
          .isNotZero();
    }
  }

  @Test
  void startingTheApplicationDoesNotTouchAnEmptyDatabase() {
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      startAndStop(alembic);
      List<String> made = new ArrayList<>();
      catalog(alembic).without(Catalog.EMPTY).forEach(object -> made.add(object.label()));
      alembic.session().versionTable().ifPresent(name -> made.add("table " + name));
      assertThat(made)
          .withFailMessage(
              () ->
                  "Starting the backend on an empty database made "
                      + String.join(", ", made)
                      + ". "
                      + advice())
          .isEmpty();
    }
  }

  @Test
  void startingTheApplicationDoesNotMigrate() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      for (String parent : head.parents()) {
        alembic.upgrade(parent);
      }
      Set<String> versions = current(alembic);
      Catalog before = catalog(alembic);
      startAndStop(alembic);
      assertThat(current(alembic))
          .withFailMessage(
              () ->
                  "Starting the backend on a schema at %s moved it to %s. %s"
                      .formatted(versions, current(alembic), advice()))
          .isEqualTo(versions);
      assertThat(catalog(alembic))
          .withFailMessage(
              () ->
                  "Starting the backend on a schema at %s changed it, though the version table says nothing of it. %s"
                      .formatted(versions, advice()))
          .isEqualTo(before);
    }
  }

  private static String advice() {
    return "Migrations run before the deployment, once, never at application start: take `alembic upgrade` and `create_all()` out of the entry point, the start-up code and the compose file's command.";
  }

  private void startAndStop(AlembicCalls alembic) {
    try (StartedBackend backend =
        new StartedBackend(platform, alembic.session().database().name())) {
      backend.awaitAnswerOrEnd();
    }
  }

  /** The one head, without which the other tests have nothing to say. */
  private Revision head() {
    Assumptions.assumeTrue(history.heads().size() == 1, "there is not exactly one head");
    return history.revision(history.heads().get(0));
  }

  private static void require(
      AlembicCalls alembic, String call, CommandResult result, Set<String> wanted) {
    UnexpectedVersion.after(call, result, wanted, current(alembic)).ifPresent(MigrationsIT::fail);
  }

  private static void fail(String finding) {
    throw new AssertionError(finding);
  }

  private static void fill(AlembicCalls alembic) {
    alembic.session().fill(new RowFiller());
  }

  private static Set<String> current(AlembicCalls alembic) {
    return alembic.session().versions();
  }

  private static Catalog catalog(AlembicCalls alembic) {
    return alembic.session().catalog();
  }

  private WayBack wayBack(Revision revision) {
    try (Walker walker = Walker.start(bed, bed.createDatabase(), alembicCommand, STEP)) {
      return walker.wayBack(revision);
    }
  }
}
