package dev.slipway.migrations.walk;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.rows.Seeded;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a walk over the revisions may find, in sentences. */
public final class WalkFinding {

  /** PostgreSQL's codes for a row that lacks a value, or has one that a CHECK refuses. */
  private static final Set<String> NULL_OR_CHECK = Set.of("23502", "23514");

  private WalkFinding() {}

  /** Why a revision was not applied; nothing when it was. */
  static Optional<MigrationFinding> upgradeFailure(
      Revision revision, StepResult step, Set<String> wanted, Set<String> found) {
    String call = "alembic upgrade " + revision.id();
    if (step.hung()) {
      return Optional.of(
          finding(Rule.UPGRADE_HANGS, revision, "`" + call + "` hangs: " + step.error()));
    }
    CommandResult result = asCommand(step);
    return UnexpectedVersion.after(call, result, wanted, found)
        .map(
            message ->
                finding(
                    result.succeeded() ? Rule.VERSION_NOT_RECORDED : Rule.UPGRADE_FAILS,
                    revision,
                    message));
  }

  /** Why a revision was not taken back; nothing when it was. */
  static Optional<MigrationFinding> downgradeFailure(
      Revision revision,
      String target,
      StepResult step,
      Supplier<WayBack> wayBack,
      Set<String> wanted,
      Set<String> found) {
    if (step.hung()) {
      return Optional.of(
          finding(
              Rule.DOWNGRADE_HANGS,
              revision,
              "downgrade of " + revision + " hangs: " + step.error()));
    }
    return downgradeFailure(revision, target, asCommand(step), wayBack, wanted, found);
  }

  /** Why alembic's own call did not take a revision back; nothing when it did. */
  public static Optional<MigrationFinding> downgradeFailure(
      Revision revision,
      String target,
      CommandResult result,
      Supplier<WayBack> wayBack,
      Set<String> wanted,
      Set<String> found) {
    WayBack way = result.succeeded() ? WayBack.PRESENT : wayBack.get();
    if (way == WayBack.REFUSES) {
      return Optional.of(missing(revision, "raises " + result.tail(1).strip()));
    }
    if (way == WayBack.ABSENT) {
      return Optional.of(missing(revision, "is not defined"));
    }
    return UnexpectedVersion.after("alembic downgrade " + target, result, wanted, found)
        .map(
            failure ->
                finding(
                    result.succeeded() ? Rule.VERSION_NOT_RECORDED : Rule.DOWNGRADE_FAILS,
                    revision,
                    "downgrade of " + revision + ": " + failure));
  }

  /** The exit status and the last words that alembic's own command would have. */
  private static CommandResult asCommand(StepResult step) {
    return new CommandResult(step.done() || step.swallowed() ? 0 : 1, "", step.traceback());
  }

  static MigrationFinding missing(Revision revision, String how) {
    return finding(
        Rule.DOWNGRADE_MISSING,
        revision,
        revision
            + " has no downgrade: downgrade() in "
            + revision.file()
            + " "
            + how
            + ", so nothing can be rolled back past it; undo there what upgrade() does.");
  }

  static MigrationFinding rowsLost(Revision revision, String loss) {
    return finding(
        Rule.ROWS_LOST,
        revision,
        "after `downgrade` of "
            + revision
            + " "
            + loss
            + "; let the downgrade() of "
            + revision.file()
            + " move the rows back before it drops what holds them.");
  }

  static MigrationFinding rowsLeft(Revision revision, String gain) {
    return finding(
        Rule.LEFT_BEHIND,
        revision,
        "after `downgrade` of "
            + revision
            + " "
            + gain
            + "; let the downgrade() of "
            + revision.file()
            + " delete what its upgrade() inserted.");
  }

  /** Why rows that nobody inserted are no finding. */
  static String rowsKeptByTriggers(String gain) {
    return "after its `downgrade` "
        + gain
        + ", as triggers note there what it changes. If they keep a record that grows by intent,"
        + " nothing is wrong.";
  }

  static MigrationFinding rowsRefused(Revision revision, String way, String table, String refusal) {
    return refused(
        revision,
        way,
        table,
        refusal,
        "Let the trigger name what is there, or the sequence go on where the rows end"
            + " (`SELECT setval(…)`), in "
            + revision.file()
            + "; a table that is meant to be closed is one for a waiver.");
  }

  static MigrationFinding seedsInTheWay(
      Revision revision, String way, String table, Seeded seeded) {
    return refused(
        revision,
        way,
        table,
        "refuses the first row that a request inserts, since its sequence counts from a number that"
            + " a row has which came with it: "
            + seeded.refusal(),
        "Let the sequence go on where the rows end, by `"
            + seeded.remedy()
            + "` in "
            + revision.file()
            + "; a table into which nobody inserts is one for a waiver.");
  }

  private static MigrationFinding refused(
      Revision revision, String way, String table, String refusal, String fix) {
    return new MigrationFinding(
        Rule.ROWS_REFUSED,
        revision.id(),
        table,
        "after `%s` of %s table %s %s\n%s".formatted(way, revision, table, refusal, fix));
  }

  /** Whether rows are wrong and the schema is not, so that the revision can be walked on. */
  static boolean isAboutRows(MigrationFinding finding) {
    return finding.rule() == Rule.ROWS_LOST
        || (finding.rule() == Rule.LEFT_BEHIND && finding.object().isEmpty());
  }

  /**
   * Whether two schemas were compared for it, of which a look at what changed may have seen one
   * wrongly: PostgreSQL tells no event trigger of an identity's own sequence that is dropped, nor
   * of an index that is made anew by REINDEX CONCURRENTLY.
   */
  static boolean restsOnWhatALookSaw(MigrationFinding finding) {
    return switch (finding.rule()) {
      case LEFT_BEHIND -> !finding.object().isEmpty();
      case NOT_RESTORED, NOT_REPEATABLE -> true;
      default -> false;
    };
  }

  static MigrationFinding workLeftOpen(Revision revision, String what) {
    return finding(Rule.WORK_LEFT_OPEN, revision, "after `upgrade` of " + revision + " " + what);
  }

  static MigrationFinding notWalked(MigrationFinding failure, List<Revision> left) {
    return with(
        failure,
        "\nNot walked for this reason: "
            + String.join(", ", left.stream().map(Revision::id).toList())
            + ".");
  }

  /**
   * Rows are the reason.
   *
   * @param state PostgreSQL's SQLSTATE for the failure
   */
  static MigrationFinding rowsStandInTheWay(MigrationFinding failure, String state) {
    return with(
        failure,
        "\n"
            + "It goes well where the tables are empty, so the rows stand in its way; the revisions"
            + " after it were walked from there."
            + (NULL_OR_CHECK.contains(state)
                ? "\n"
                    + "Rows are put in before each revision, as requests store some between two"
                    + " of them: what an earlier revision filled in is not in those that came"
                    + " after it. Fill it in here once more, or give the column a default where"
                    + " it is added."
                : ""));
  }

  /** What new rows need is no matter of it: they were there the first time. */
  static MigrationFinding onlyTheSecondTime(
      Revision revision, MigrationFinding failure, StepResult step) {
    return with(
        failure.rule() == Rule.UPGRADE_FAILS
            ? finding(failure.rule(), revision, failed("alembic upgrade " + revision.id(), step))
            : failure,
        "\n"
            + "It went well before its downgrade, and this is the second time: let the downgrade() of "
            + revision.file()
            + " take back what stands in the way now.");
  }

  static MigrationFinding newRowsStandInTheWay(MigrationFinding failure) {
    return with(
        failure,
        "\n"
            + "It went well with rows from before the upgrade; rows that were written after it"
            + " stand in the way: let downgrade() convert or move them.");
  }

  /** Why a failure is none that could be believed. */
  static String madeUpText(String call, StepResult step) {
    return "the text that Slipway made up is no value of the type that it is made into. If the real"
        + " rows all are, nothing is wrong; a CHECK on the column would say so, to Slipway"
        + " too. "
        + failed(call, step);
  }

  /** The same of a number in a column that gets a foreign key. */
  static String madeUpNumber(String call, StepResult step) {
    return "Slipway made the number up that refers to nothing, since the column had no foreign key"
        + " yet. If no real row can be an orphan, nothing is wrong; else clear those first"
        + " (`UPDATE … SET … = NULL WHERE NOT EXISTS (…)`). "
        + failed(call, step);
  }

  private static String failed(String call, StepResult step) {
    return UnexpectedVersion.failed(call, asCommand(step));
  }

  private static MigrationFinding with(MigrationFinding finding, String more) {
    return new MigrationFinding(
        finding.rule(), finding.revision(), finding.object(), finding.message() + more);
  }

  private static MigrationFinding finding(Rule rule, Revision revision, String message) {
    return new MigrationFinding(rule, revision.id(), "", message);
  }
}
