package dev.slipway.migrations.report;

import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A revision as a page shows it.
 *
 * @param anchor by which links find it
 * @param state {@code ok}, {@code waived} or {@code failing}
 * @param rail its piece of the graph
 * @param parents those it stands on
 * @param steps its way up and its way down
 * @param changes what it makes of the schema
 * @param locks what it kept others from; none where that was not measured
 * @param tables the tables that were there before it, with their rows
 * @param remarks what was found
 */
record ShownRevision(
    String anchor,
    String id,
    String title,
    String path,
    String state,
    Rail rail,
    List<Parent> parents,
    int branches,
    List<ShownStep> steps,
    List<Change> changes,
    List<ShownLocks> locks,
    List<Table> tables,
    List<Remark> remarks) {

  /**
   * A revision that another stands on.
   *
   * @param anchor where it is shown; empty when it is not
   */
  record Parent(String id, String anchor) {
    boolean isShown() {
      return !anchor.isEmpty();
    }
  }

  /**
   * An object that is made, changed or gone.
   *
   * @param sign {@code +}, {@code ~} or {@code −}
   * @param what the word for that
   */
  record Change(String sign, String what, String kind, String name, String definition) {
    boolean isDefined() {
      return !definition.isEmpty();
    }
  }

  /**
   * A table's rows.
   *
   * @param rows how many there were before the revision
   * @param more how many the revision puts in
   */
  record Table(String name, long rows, long more) {
    boolean isFilled() {
      return more > 0;
    }
  }

  static ShownRevision of(
      WalkedRevision walked,
      Map<String, String> anchors,
      Rail rail,
      List<Remark> remarks,
      LockReport locks,
      double slowest) {
    Revision revision = walked.revision();
    return new ShownRevision(
        anchors.getOrDefault(revision.id(), ""),
        revision.id(),
        revision.title(),
        revision.path(),
        state(remarks),
        rail,
        revision.parents().stream()
            .map(parent -> new Parent(parent, anchors.getOrDefault(parent, "")))
            .toList(),
        revision.branches(),
        List.of(
            ShownStep.of("Upgrade", walked.upgrade(), slowest),
            ShownStep.of("Downgrade", walked.downgrade(), slowest)),
        changes(walked),
        locks.locksOf(revision).stream()
            .map(seen -> ShownLocks.of(seen, locks.adviceOn(revision)))
            .toList(),
        tables(walked),
        remarks);
  }

  private static String state(List<Remark> remarks) {
    return remarks.isEmpty()
        ? "ok"
        : remarks.stream().allMatch(Remark::waived) ? "waived" : "failing";
  }

  private static List<Change> changes(WalkedRevision walked) {
    List<Change> changes = new ArrayList<>();
    walked.made().forEach(object -> changes.add(change("+", "made", object)));
    walked.changed().forEach(object -> changes.add(change("~", "changed", object)));
    walked.gone().forEach(object -> changes.add(change("−", "gone", object)));
    return changes;
  }

  private static Change change(String sign, String what, SchemaObject object) {
    return new Change(
        sign,
        what,
        object.kind(),
        object.label().substring(object.kind().length() + 1),
        object.definition());
  }

  private static List<Table> tables(WalkedRevision walked) {
    return new TreeMap<>(walked.rows())
        .entrySet().stream()
            .map(
                table ->
                    new Table(
                        table.getKey(),
                        table.getValue(),
                        walked.rowsMade().getOrDefault(table.getKey(), 0L)))
            .toList();
  }

  /** Whether it is folded out at once. */
  boolean isOpen() {
    return !state.equals("ok");
  }

  boolean isBranched() {
    return branches > 1;
  }

  boolean isMerge() {
    return parents.size() > 1;
  }

  boolean isFirst() {
    return parents.isEmpty();
  }

  boolean hasChanges() {
    return !changes.isEmpty();
  }

  boolean hasTables() {
    return !tables.isEmpty();
  }

  long rowsBefore() {
    return tables.stream().mapToLong(Table::rows).sum();
  }
}
