package dev.slipway.migrations.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.effect.postgres.LockWait;
import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.StatementLook.SeenTable;
import dev.slipway.migrations.alembic.StepResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static final long ORDERS = 16_400;
  private static final double NOON = 1_700_000_000_000.0;
  private static final Map<Long, StoredTable> TABLES =
      Map.of(ORDERS, new StoredTable("orders", 1, true));

  /** Each look takes 50 ms, in which the step's own clock stands still. */
  private static final ObservedStep STEP =
      new ObservedStep(
          new StepResult(
              true,
              300,
              false,
              false,
              "",
              "",
              List.of("ALTER TABLE orders ADD COLUMN note TEXT", "SELECT sum(total) FROM orders"),
              List.of()),
          List.of(
              look(0, 10, 10, 0, new SeenTable(List.of(), 1, 0, 3, 70)),
              look(1, 10, 20, 60, new SeenTable(List.of("AccessExclusiveLock"), 1, 0, 3, 70)),
              look(2, 25, 225, 315, new SeenTable(List.of("AccessExclusiveLock"), 1, 0, 4, 1070))),
          List.of(),
          false);

  @Test
  void countsNothingForLooks() {
    Felt felt = timeline(new LockWait("orders", false, NOON + 65, NOON + 440)).felt().get(0);

    assertThat(felt.from()).isCloseTo(20, within(0.01));
    assertThat(felt.until()).isCloseTo(300, within(0.01));
    assertThat(felt.millis()).isCloseTo(280, within(0.01));
  }

  @Test
  void takesTheCommitForTheEndOfEveryWait() {
    Felt felt = timeline(new LockWait("orders", false, NOON + 65, NOON + 9000)).felt().get(0);

    assertThat(felt.until()).isCloseTo(300, within(0.01));
  }

  @Test
  void saysNothingOfAWaitThatBeganWhenAllWasOver() {
    assertThat(timeline(new LockWait("customers", true, NOON + 8000, NOON + 9000)).felt())
        .isEmpty();
  }

  @Test
  void namesTheStatementThatTookTheLock() {
    Timeline timeline =
        timeline(
            new LockWait("orders", false, NOON + 120, NOON + 440),
            new LockWait("orders", true, NOON + 100, NOON + 440));

    assertThat(timeline.felt())
        .extracting(felt -> felt.blocked().what(felt.table()) + " by " + felt.sql())
        .containsExactly(
            "writes to orders by ALTER TABLE orders ADD COLUMN note TEXT",
            "reads of orders by ALTER TABLE orders ADD COLUMN note TEXT");
    assertThat(timeline.felt("orders", Blocked.READS))
        .isLessThan(timeline.felt("orders", Blocked.WRITES));
    assertThat(timeline.felt("customers", Blocked.READS)).isZero();
  }

  @Test
  void namesTheStatementThatRanWhereNoLockIsKnown() {
    Felt felt = timeline(new LockWait("customers", true, NOON + 200, NOON + 300)).felt().get(0);

    assertThat(felt.statement()).isEqualTo(2);
    assertThat(felt.blocked()).isEqualTo(Blocked.WRITES);
  }

  @Test
  void tellsWhichStatementReadsATableAsAWhole() {
    assertThat(timeline().scans())
        .containsExactly(new Scan("orders", 2, "SELECT sum(total) FROM orders", 1000));
  }

  @Test
  void endsALockWithTheStatementThatCommitsByItself() {
    SeenTable unlocked = new SeenTable(List.of(), 1, 0, 0, 0);
    SeenTable first = new SeenTable(List.of("RowExclusiveLock"), 1, 1000, 1, 1000);
    SeenTable second = new SeenTable(List.of("RowExclusiveLock"), 1, 2000, 2, 2000);
    ObservedStep step =
        new ObservedStep(
            new StepResult(
                true,
                500,
                false,
                false,
                "",
                "",
                List.of("UPDATE orders", "UPDATE orders"),
                List.of(1, 2)),
            List.of(
                look(0, 0, 0, 0, unlocked),
                committing(1, 10, 110, first),
                committing(2, 120, 320, second)),
            List.of(),
            true);

    assertThat(Timeline.of(step, TABLES, List.of()).holds())
        .singleElement()
        .satisfies(
            hold -> {
              assertThat(hold.blocked()).isEqualTo(Blocked.ROWS);
              assertThat(hold.millis()).isEqualTo(200);
              assertThat(hold.worked()).containsExactly(Map.entry("orders", 1000L));
            });
  }

  @Test
  void callsOnlyThatStatementARewriteWhichIsOne() {
    ObservedStep step =
        new ObservedStep(
            new StepResult(
                true,
                500,
                false,
                false,
                "",
                "",
                List.of(
                    "ALTER TABLE orders ALTER id TYPE bigint", "ALTER TABLE orders ADD note text"),
                List.of(1, 2)),
            List.of(
                look(0, 0, 0, 0, new SeenTable(List.of(), 1, 0, 0, 0)),
                committing(1, 10, 20, new SeenTable(List.of("AccessExclusiveLock"), 2, 0, 1, 1000)),
                committing(
                    2, 30, 90, new SeenTable(List.of("AccessExclusiveLock"), 2, 0, 1, 1000))),
            List.of(),
            true);

    assertThat(Timeline.of(step, TABLES, List.of()).holds())
        .singleElement()
        .satisfies(
            hold -> {
              assertThat(hold.statement()).isEqualTo(2);
              assertThat(hold.rewritten()).isFalse();
            });
  }

  private static StatementLook committing(
      int statement, double start, double end, SeenTable orders) {
    return new StatementLook(
        statement, start, end, NOON + start, NOON + end, 0, true, Map.of(ORDERS, orders));
  }

  private static Timeline timeline(LockWait... waits) {
    return Timeline.of(STEP, TABLES, List.of(waits));
  }

  private static StatementLook look(
      int statement, double start, double end, double asked, SeenTable orders) {
    return new StatementLook(
        statement, start, end, NOON + asked, NOON + asked + 50, 0, false, Map.of(ORDERS, orders));
  }
}
