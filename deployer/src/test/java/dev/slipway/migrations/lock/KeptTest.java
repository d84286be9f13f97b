package dev.slipway.migrations.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.StatementLook.SeenTable;
import dev.slipway.migrations.alembic.StepResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeptTest {

  private static final long ORDERS = 16_400;
  private static final Map<Long, StoredTable> TABLES =
      Map.of(ORDERS, new StoredTable("orders", 1, true));
  private static final SeenTable FREE = new SeenTable(List.of(), 1, 0, 0, 0);
  private static final SeenTable LOCKED = new SeenTable(List.of("AccessExclusiveLock"), 1, 0, 0, 0);
  private static final SeenTable READ =
      new SeenTable(List.of("ShareUpdateExclusiveLock"), 1, 0, 1, 1000);

  @Test
  void addsWhatLaterRevisionsDoInTheSameTransaction() {
    List<ObservedWalk.Step> steps = steps(false, List.of());

    assertThat(Kept.of(steps, 0))
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.hold().table()).isEqualTo("orders");
              assertThat(kept.hold().blocked()).isEqualTo(Blocked.READS);
              assertThat(kept.hold().millis()).isCloseTo(20 + 400, within(0.01));
              assertThat(kept.hold().worked()).isEqualTo(Map.of("orders", 1000L));
              assertThat(kept.slowest().during()).isEqualTo("c");
              assertThat(kept.slowest().sql()).isEqualTo("second of c");
            });
    assertThat(Kept.of(steps, 1)).isEmpty();
    assertThat(new ObservedWalk(steps, Set.of(), Map.of(), List.of()).worksUnderALock()).isTrue();
  }

  @Test
  void keepsNothingWhereEachRevisionIsCommitted() {
    List<ObservedWalk.Step> steps = steps(true, List.of());

    assertThat(Kept.of(steps, 0)).isEmpty();
    assertThat(new ObservedWalk(steps, Set.of(), Map.of(), List.of()).worksUnderALock()).isFalse();
  }

  @Test
  void endsWhereALaterRevisionCommitsWhatIsBefore() {
    assertThat(Kept.of(steps(false, List.of(2)), 0))
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.hold().millis()).isCloseTo(20 + 100, within(0.01));
              assertThat(kept.hold().worked()).isEmpty();
              assertThat(kept.slowest().sql()).isEqualTo("first of c");
            });
    assertThat(Kept.of(steps(false, List.of(1, 2)), 0)).isEmpty();
  }

  @Test
  void keepsNothingThatWasLetGoBefore() {
    ObservedWalk.Step free =
        step("b", false, 30, List.of(1), look(0, 0, 0, FREE), look(1, 10, 30, FREE));

    assertThat(Kept.of(List.of(free, steps(false, List.of()).get(1)), 0)).isEmpty();
  }

  @Test
  void knowsItsTablesByNameInAnotherDatabase() {
    List<ObservedWalk.Step> steps = steps(false, List.of());
    ObservedWalk.Step later = steps.get(1);
    Map<Long, StoredTable> tables =
        Map.of(
            ORDERS,
            new StoredTable("customers", 1, true),
            ORDERS + 1,
            new StoredTable("orders", 1, true));

    assertThat(Kept.of(List.of(steps.get(0), seenElsewhere(later, tables)), 0))
        .singleElement()
        .satisfies(kept -> assertThat(kept.hold().worked()).isEmpty());
    assertThat(Kept.of(List.of(steps.get(0), seenElsewhere(later, TABLES)), 0))
        .singleElement()
        .satisfies(kept -> assertThat(kept.hold().worked()).isEqualTo(Map.of("orders", 1000L)));
  }

  private static ObservedWalk.Step seenElsewhere(
      ObservedWalk.Step step, Map<Long, StoredTable> tables) {
    return new ObservedWalk.Step(
        step.revision(), step.seen(), 1, true, step.rows(), tables, step.timeline());
  }

  private static List<ObservedWalk.Step> steps(boolean commits, List<Integer> alone) {
    return List.of(
        step("b", commits, 30, List.of(), look(0, 0, 0, FREE), look(1, 10, 30, LOCKED)),
        step(
            "c",
            commits,
            400,
            alone,
            look(0, 0, 0, FREE),
            look(1, 10, 90, FREE),
            look(2, 100, 390, READ)));
  }

  private static ObservedWalk.Step step(
      String id, boolean commits, double millis, List<Integer> alone, StatementLook... looks) {
    ObservedStep seen =
        new ObservedStep(
            new StepResult(
                true,
                millis,
                false,
                false,
                "",
                "",
                List.of("first of " + id, "second of " + id),
                alone),
            committing(looks, alone),
            List.of(),
            commits);
    return new ObservedWalk.Step(
        new Revision(id, List.of(), 1, "", "versions/" + id + ".py", List.of()),
        seen,
        0,
        true,
        Map.of("orders", 1000L),
        TABLES,
        Timeline.of(seen, TABLES, List.of()));
  }

  private static StatementLook look(int statement, double start, double end, SeenTable orders) {
    return new StatementLook(statement, start, end, start, end, 0, false, Map.of(ORDERS, orders));
  }

  private static List<StatementLook> committing(StatementLook[] looks, List<Integer> alone) {
    return Stream.of(looks)
        .map(
            look ->
                new StatementLook(
                    look.statement(),
                    look.start(),
                    look.end(),
                    look.asked(),
                    look.answered(),
                    look.lockTimeout(),
                    alone.contains(look.statement()),
                    look.tables()))
        .toList();
  }
}
