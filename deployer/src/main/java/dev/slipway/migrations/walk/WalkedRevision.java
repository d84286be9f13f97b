package dev.slipway.migrations.walk;

import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What one revision did when it was walked.
 *
 * @param revision which
 * @param upgrade its way up: statements, and the time in milliseconds
 * @param downgrade its way down
 * @param made what was not there before
 * @param changed what was defined otherwise before, as it is now
 * @param gone what was there before
 * @param rows how many rows each table had before it, by the table's name
 * @param rowsMade how many it puts into tables that were there before, by the table's name
 */
public record WalkedRevision(
    Revision revision,
    StepResult upgrade,
    StepResult downgrade,
    List<SchemaObject> made,
    List<SchemaObject> changed,
    List<SchemaObject> gone,
    Map<String, Long> rows,
    Map<String, Long> rowsMade) {

  private static final Pattern WRITES =
      Pattern.compile(
          "(^|;)(\\s|--[^\n]*\n)*(update|delete|insert|merge|truncate|with|do)\\b",
          Pattern.CASE_INSENSITIVE);

  /** Copies. */
  public WalkedRevision {
    made = List.copyOf(made);
    changed = List.copyOf(changed);
    gone = List.copyOf(gone);
    rows = Map.copyOf(rows);
    rowsMade = Map.copyOf(rowsMade);
  }

  static WalkedRevision of(
      Revision revision,
      DatabaseState before,
      DatabaseState after,
      StepResult upgrade,
      StepResult downgrade) {
    return new WalkedRevision(
        revision,
        upgrade,
        downgrade,
        after.catalog().without(before.catalog()),
        after.catalog().changedSince(before.catalog()).stream()
            .map(change -> change.now())
            .toList(),
        before.catalog().without(after.catalog()),
        before.rows().counts(),
        rowsMade(before.rows().counts(), after.rows().counts()));
  }

  /** Whether anything is otherwise after it. */
  boolean didSomething() {
    return !made.isEmpty() || !changed.isEmpty() || !gone.isEmpty() || !rowsMade.isEmpty();
  }

  /** Whether it depends on the rows that there are whether its way back loses any. */
  public boolean mayLoseRows() {
    return upgrade.statements().stream().anyMatch(sql -> WRITES.matcher(sql).find());
  }

  /** The same where the way back does nothing at all. */
  public boolean mayLackAWayBack() {
    return mayLoseRows() && downgrade.statements().isEmpty() && !downgrade.unseen();
  }

  private static Map<String, Long> rowsMade(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> made = new TreeMap<>();
    before.forEach(
        (table, rows) -> {
          long more = after.getOrDefault(table, 0L) - rows;
          if (more > 0) {
            made.put(table, more);
          }
        });
    return made;
  }
}
