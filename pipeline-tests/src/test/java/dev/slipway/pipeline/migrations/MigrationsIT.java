package dev.slipway.pipeline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.SlipwayException;
import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.migrations.MigrationCheck;
import dev.slipway.migrations.NewRevisions;
import dev.slipway.migrations.Part;
import dev.slipway.migrations.Scope;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.report.ReportFiles;
import dev.slipway.migrations.report.RevisionSource;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.walk.CatalogDifference;
import dev.slipway.migrations.walk.WalkFinding;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
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
  private final Alembic alembic;
  private final MigrationCheck check;
  private final History history;

  MigrationsIT(PlatformUnderTest platform) {
    this.platform = platform;
    this.alembic =
        new Alembic(new PlatformTestBed(platform), platform.platform().migrations().command());
    try {
      this.check =
          MigrationCheck.of(
              alembic.bed(), platform.platform().migrations(), scope(platform), LOG::info);
    } catch (SlipwayException refusal) {
      throw PlatformUnderTest.finding(refusal);
    }
    this.history = check.history();
    if (history.heads().size() == 1) {
      platform.proveSchemaHead(history.heads().get(0));
    }
  }

  /** A merge request's pipeline says what its target branch has; production has what was before. */
  private static Scope scope(PlatformUnderTest platform) {
    GitRepository repository = platform.repository();
    return platform
        .since()
        .map(since -> Scope.only(added(platform, since)))
        .orElseGet(
            () ->
                repository
                    .parent(platform.commit())
                    .map(parent -> Scope.all(added(platform, parent)))
                    .orElse(Scope.ALL));
  }

  private static NewRevisions added(PlatformUnderTest platform, String since) {
    String folder = platform.platform().built(Role.BACKEND).orElseThrow().folder();
    return NewRevisions.since(platform.repository(), since, platform.commit()).below(folder);
  }

  @AfterAll
  void writeReport() {
    check.close();
    ReportFiles.write(
        platform.workspace().output(),
        check.report(today()),
        history.revisions(),
        RevisionSource.in(platform.repository(), platform.commit()));
  }

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  @Test
  void thereIsExactlyOneHead() {
    none(check.heads());
  }

  @Test
  void upgradeDowngradeUpgradeDoesWhatItSays() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      Catalog empty = catalog(alembic);
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      Catalog first = catalog(alembic);
      assertThat(first)
          .withFailMessage(
              "`alembic upgrade head` exited 0 and the version table says %s, but there is no table: env.py runs the revisions elsewhere or swallows their errors; let it raise and commit (`with context.begin_transaction():`).",
              head.id())
          .isNotEqualTo(empty);
      fill(alembic);
      String target = history.below(head);
      CommandResult back = alembic.downgrade(target);
      assumeNoDoubtOf(head, back);
      WalkFinding.downgradeFailure(
              head,
              target,
              back,
              () -> wayBack(head),
              new TreeSet<>(head.parents()),
              current(alembic))
          .ifPresent(finding -> none(List.of(finding)));
      Assumptions.assumeTrue(back.succeeded(), "its downgrade is waived");
      fill(alembic);
      CommandResult again = alembic.upgrade("head");
      assumeNoDoubtOf(head, again);
      require(alembic, "alembic upgrade head", again, Set.of(head.id()));
      none(CatalogDifference.afterSecondUpgrade(head, first, catalog(alembic)));
    }
  }

  /** What fails on values that Slipway made up, as the walk sees it, proves nothing here either. */
  private void assumeNoDoubtOf(Revision head, CommandResult result) {
    if (result.succeeded()) {
      return;
    }
    check.findings(Part.WALK);
    String doubt = check.report(today()).unfilled().get(head.toString());
    if (doubt != null) {
      notProved(doubt);
    }
  }

  @Test
  void everyRevisionGoesUpDownAndUpAgain() {
    head();
    none(check.findings(Part.WALK));
  }

  @Test
  void oneTransactionMakesTheSameSchema() {
    head();
    none(check.findings(Part.ONE_TRANSACTION));
  }

  @Test
  void aKilledMigrationCanBeRunAgain() {
    head();
    none(check.findings(Part.KILLED));
  }

  @Test
  void twoMigrationsAtOnceDoNoHarm() {
    head();
    none(check.findings(Part.TWO_AT_ONCE));
  }

  @Test
  void nobodyWaitsForLongWhileARevisionIsApplied() {
    head();
    none(check.findings(Part.LOCKS));
  }

  @Test
  void theModelsAreWhatTheMigrationsMake() {
    head();
    none(check.findings(Part.DRIFT));
  }

  @Test
  void thePreviousReleaseWorksOnTheNewSchema() {
    head();
    PreviousReleaseAnswers.Proof proof =
        new PreviousReleaseAnswers(platform, alembic, history, previousRelease()).proof();
    reportedOfPrevious(proof.findings());
    proof.notProved().ifPresent(MigrationsIT::notProved);
  }

  @Test
  void thePreviousReleasesTestsPassOnTheNewSchema() {
    Revision head = head();
    PreviousReleaseTests.Proof proof =
        new PreviousReleaseTests(platform, previousRelease(), history.revisions(), head.id())
            .proof();
    reportedOfPrevious(proof.findings());
    proof.notProved().ifPresent(MigrationsIT::notProved);
    LOG.info("The previous release's tests on the new schema: {}", proof.summary());
  }

  private PreviousRelease previousRelease() {
    Optional<String> commit =
        platform.since().or(() -> platform.repository().parent(platform.commit()));
    Assumptions.assumeTrue(commit.isPresent(), "there is no previous release");
    List<Revision> added = Scope.only(added(platform, commit.orElseThrow())).of(history);
    Assumptions.assumeFalse(added.isEmpty(), "the previous release has the same revisions");
    Path folder = platform.scratch("previous-release");
    try {
      return PreviousRelease.of(platform, commit.orElseThrow(), folder, added);
    } catch (SlipwayException refusal) {
      LOG.warn("The previous release {} cannot be built: {}", commit.get(), refusal.what());
      return Assumptions.abort("not proved: the previous release cannot be built");
    }
  }

  @Test
  void waiversStillCount() {
    head();
    none(
        check.run(today()).judgement().failing().stream()
            .filter(finding -> finding.rule().isAboutWaivers())
            .toList());
  }

  @Test
  void nothingIsLeftAtBase() {
    Revision head = head();
    Assumptions.assumeFalse(
        check.waivesTheWayBack(), "a waiver allows a revision without a way back");
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      Catalog empty = catalog(alembic);
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      fill(alembic);
      require(alembic, "alembic downgrade base", alembic.downgrade("base"), Set.of());
      List<String> left =
          catalog(alembic).without(empty).stream()
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
      startsWithoutDdl(alembic, "an empty database");
    }
  }

  @Test
  void startingTheApplicationDoesNotMigrate() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      for (String parent : head.parents()) {
        alembic.upgrade(parent);
      }
      startsWithoutDdl(alembic, "a schema at " + String.join(", ", head.parents()));
    }
  }

  @Test
  void startingTheApplicationDoesNotTouchACurrentSchema() {
    Revision head = head();
    try (AlembicCalls alembic = new AlembicCalls(platform)) {
      require(alembic, "alembic upgrade head", alembic.upgrade("head"), Set.of(head.id()));
      startsWithoutDdl(alembic, "the current schema");
    }
  }

  private void startsWithoutDdl(AlembicCalls alembic, String what) {
    StartUp.Outcome outcome = StartUp.on(platform, alembic.session(), what);
    outcome.finding().ifPresent(MigrationsIT::fail);
    outcome.notProved().ifPresent(MigrationsIT::notProved);
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

  private void none(List<MigrationFinding> findings) {
    List<MigrationFinding> failing = check.withoutWaived(findings, today());
    assertThat(failing)
        .withFailMessage(
            () -> String.join("\n", failing.stream().map(MigrationFinding::message).toList()))
        .isEmpty();
  }

  /** A release that ships under a waiver says for ever what its predecessor cannot do. */
  private void reportedOfPrevious(List<MigrationFinding> findings) {
    platform.previousFails(findings.stream().map(MigrationFinding::message).toList());
    reported(findings);
  }

  private void reported(List<MigrationFinding> findings) {
    check.report(findings);
    none(findings);
  }

  private static void notProved(String why) {
    LOG.info("Not proved: {}", why);
    Assumptions.abort("not proved: " + why);
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
    try (Walker walker = Walker.start(alembic, alembic.bed().createDatabase(), STEP)) {
      return walker.wayBack(revision);
    }
  }
}
