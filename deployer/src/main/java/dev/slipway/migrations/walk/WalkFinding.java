package dev.slipway.migrations.walk;

import dev.slipway.command.CommandResult;
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

  static MigrationFinding rowsRefused(Revision revision, String way, String table, String refusal) {
    return new MigrationFinding(
        Rule.ROWS_REFUSED,
        revision.id(),
        table,
        "after `"
            + way
            + "` of "
            + revision
            + " table "
            + table
            + " takes no row any more, and took some before: "
            + refusal
            + "\nLet the trigger bear an INSERT, or the sequence go on where the rows end (`SELECT setval(…)`), in "
            + revision.file()
            + "; a table that is meant to be closed is one for a waiver.");
  }

  /** Whether rows are wrong and the schema is not, so that the revision can be walked on. */
  static boolean isAboutRows(MigrationFinding finding) {
    return finding.rule() == Rule.ROWS_LOST
        || (finding.rule() == Rule.LEFT_BEHIND && finding.object().isEmpty());
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

  static MigrationFinding rowsStandInTheWay(MigrationFinding failure) {
    return with(
        failure,
        "\nIt goes well where the tables are empty, so the rows stand in its way; the revisions after it were walked from there.");
  }

  static MigrationFinding newRowsStandInTheWay(MigrationFinding failure) {
    return with(
        failure,
        "\nIt went well with rows from before the upgrade; rows that were written after it stand in the way: let downgrade() convert or move them.");
  }

  /** Why a failure is none that could be believed. */
  static String madeUpText(MigrationFinding failure) {
    return "the text that Slipway made up is no value of the type that it is made into. If the real rows all are, nothing is wrong;"
        + " a CHECK on the column would say so, to Slipway too. "
        + failure.message();
  }

  private static MigrationFinding with(MigrationFinding finding, String more) {
    return new MigrationFinding(
        finding.rule(), finding.revision(), finding.object(), finding.message() + more);
  }

  private static MigrationFinding finding(Rule rule, Revision revision, String message) {
    return new MigrationFinding(rule, revision.id(), "", message);
  }
}
