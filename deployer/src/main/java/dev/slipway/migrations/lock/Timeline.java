package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.LockWait;
import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.StatementLook.SeenTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A revision from its first statement to its commit.
 *
 * @param millis how long it took
 * @param statements when each ran
 * @param holds what it kept others from
 * @param felt what readers and writers felt of that
 * @param scans which tables it read as a whole
 */
public record Timeline(
    double millis, List<Mark> statements, List<Hold> holds, List<Felt> felt, List<Scan> scans) {

  /** Nothing was seen. */
  static final Timeline NOTHING = new Timeline(0, List.of(), List.of(), List.of(), List.of());

  /** Milliseconds that nobody feels: who waited that long came when all was over. */
  private static final double NOTHING_FELT = 0.5;

  private static final SeenTable UNSEEN = new SeenTable(List.of(), 0, 0, 0, 0);

  /** Copies. */
  public Timeline {
    statements = List.copyOf(statements);
    holds = List.copyOf(holds);
    felt = List.copyOf(felt);
    scans = List.copyOf(scans);
  }

  /**
   * One statement.
   *
   * @param number its number, from 1
   * @param start when it began, in milliseconds since the revision did
   * @param end when it ended
   */
  public record Mark(int number, double start, double end) {}

  /**
   * Of a step that went well.
   *
   * @param tables the tables that were there before it, by oid
   * @param waits what canaries met meanwhile
   */
  static Timeline of(ObservedStep step, Map<Long, StoredTable> tables, List<LockWait> waits) {
    List<StatementLook> looks = step.looks().stream().filter(look -> look.statement() > 0).toList();
    List<Hold> holds = Holds.of(step, tables);
    List<Felt> felt = new ArrayList<>();
    if (!looks.isEmpty()) {
      StepClock clock = new StepClock(step);
      waits.forEach(wait -> felt.add(felt(wait, clock, holds, step)));
      felt.removeIf(one -> one.millis() < NOTHING_FELT);
      felt.sort(Comparator.comparingDouble(Felt::from).thenComparing(Felt::table));
    }
    return new Timeline(
        step.result().millis(),
        looks.stream().map(look -> new Mark(look.statement(), look.start(), look.end())).toList(),
        holds,
        felt,
        scans(step, tables));
  }

  private static Felt felt(LockWait wait, StepClock clock, List<Hold> holds, ObservedStep step) {
    double from = clock.at(wait.from());
    // With the commit every lock is gone: who is let in later waited for a processor.
    double until = Math.max(from, Math.min(clock.at(wait.until()), step.result().millis()));
    Optional<Hold> hold =
        holds.stream()
            .filter(known -> known.table().equals(wait.table()))
            .filter(known -> wait.writing() || known.blocked() == Blocked.READS)
            .max(Comparator.comparingDouble(known -> common(known, from, until)));
    int statement = hold.map(Hold::statement).orElseGet(() -> running(step, from));
    Blocked blocked =
        !wait.writing()
            ? Blocked.READS
            : hold.map(Hold::blocked).filter(kind -> kind == Blocked.ROWS).orElse(Blocked.WRITES);
    String sql = step.result().statements().get(statement - 1);
    return new Felt(wait.table(), blocked, statement, sql, from, until);
  }

  private static double common(Hold hold, double from, double until) {
    return Math.min(hold.until(), until) - Math.max(hold.from(), from);
  }

  private static int running(ObservedStep step, double moment) {
    int number = 1;
    for (StatementLook look : step.looks()) {
      number = look.start() <= moment ? Math.max(number, look.statement()) : number;
    }
    return number;
  }

  private static List<Scan> scans(ObservedStep step, Map<Long, StoredTable> tables) {
    List<Scan> scans = new ArrayList<>();
    List<StatementLook> looks = step.looks();
    for (int i = 1; i < looks.size(); i++) {
      StatementLook before = looks.get(i - 1);
      StatementLook look = looks.get(i);
      String sql = step.result().statements().get(look.statement() - 1);
      tables.forEach(
          (oid, table) -> {
            SeenTable then = before.tables().getOrDefault(oid, UNSEEN);
            SeenTable now = look.tables().getOrDefault(oid, UNSEEN);
            long rows = Holds.more(now.worked(), then.worked());
            if (Holds.more(now.scans(), then.scans()) > 0 && rows > 0) {
              scans.add(new Scan(table.name(), look.statement(), sql, rows));
            }
          });
    }
    return scans.stream()
        .sorted(Comparator.comparingInt(Scan::statement).thenComparing(Scan::table))
        .toList();
  }

  /** The longest that somebody of a kind waited for a table. */
  double felt(String table, Blocked blocked) {
    return felt.stream()
        .filter(one -> one.table().equals(table) && one.blocked() == blocked)
        .mapToDouble(Felt::millis)
        .max()
        .orElse(0);
  }
}
