package dev.slipway.migrations.walk;

import dev.slipway.command.CommandResult;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a walk over the revisions may find, in sentences. */
public final class WalkFinding {

  private WalkFinding() {}

  /** Why a revision was not taken back; nothing when it was. */
  public static Optional<String> downgradeFailure(
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
        .map(failure -> "downgrade of " + revision + ": " + failure);
  }

  static String missing(Revision revision, String how) {
    return revision
        + " has no downgrade: downgrade() in "
        + revision.file()
        + " "
        + how
        + ", so nothing can be rolled back past it; undo there what upgrade() does.";
  }

  static String rowsLost(Revision revision, String loss) {
    return "after `downgrade` of "
        + revision
        + " "
        + loss
        + "; let the downgrade() of "
        + revision.file()
        + " move the rows back before it drops what holds them.";
  }

  static String notWalked(String failure, List<Revision> left) {
    return failure
        + "\nNot walked for this reason: "
        + String.join(", ", left.stream().map(Revision::id).toList())
        + ".";
  }

  static String newRowsStandInTheWay(String failure) {
    return failure
        + "\nIt went well with rows from before the upgrade; rows that were written after it stand in the way: let downgrade() convert or move them.";
  }
}
