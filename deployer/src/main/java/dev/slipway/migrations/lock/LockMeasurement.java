package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StatementLook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Locks, measured with ever more rows. More than the fewest are tried only where work is done under
 * a lock: without that a lock is held as long whatever the tables hold.
 *
 * @param revisions their locks
 * @param tables the names of all tables that were seen; empty where the walk did not end well
 * @param unmeasured what could not be measured, with the reason
 * @param unreached the revisions that could not be looked at, the one that is the reason first
 */
public record LockMeasurement(
    List<RevisionLocks> revisions,
    Set<String> tables,
    Map<String, String> unmeasured,
    List<Revision> unreached) {

  private static final long FEW = 1_000;
  private static final List<Long> MANY = List.of(10_000L, 100_000L);

  /** Copies. */
  public LockMeasurement {
    revisions = List.copyOf(revisions);
    tables = Set.copyOf(tables);
    unmeasured = Map.copyOf(unmeasured);
    unreached = List.copyOf(unreached);
  }

  /**
   * Measures.
   *
   * @param databases new ones, to which just those revisions are applied that these stand on
   * @param revisions each after those it stands on
   * @param added whether production does not have a revision yet: only those are measured
   */
  public static LockMeasurement of(
      Alembic alembic,
      Supplier<Database> databases,
      List<Revision> revisions,
      Predicate<Revision> added,
      Consumer<String> progress) {
    if (revisions.stream().noneMatch(added)) {
      return new LockMeasurement(List.of(), Set.of(), Map.of(), List.of());
    }
    List<ObservedWalk> walks = new ArrayList<>();
    walks.add(Observation.walk(alembic, databases, revisions, added, FEW));
    if (walks.get(0).worksUnderALock()) {
      for (long rows : MANY) {
        progress.accept("Measuring locks with " + rows + " rows in each table");
        walks.add(Observation.walk(alembic, databases, revisions, added, rows));
      }
    }
    Map<String, String> unmeasured = new TreeMap<>();
    walks.forEach(walk -> unmeasured.putAll(walk.unmeasured()));
    Map<String, LockQueue> queues =
        QueueTrial.of(alembic, databases, revisions, walks.get(0).steps());
    return new LockMeasurement(
        locks(walks, queues),
        walks.get(0).tables(),
        unmeasured,
        walks.get(0).unreached().stream().filter(added).toList());
  }

  private static List<RevisionLocks> locks(
      List<ObservedWalk> walks, Map<String, LockQueue> queues) {
    List<RevisionLocks> locks = new ArrayList<>();
    for (int i = 0; i < walks.get(0).steps().size(); i++) {
      List<ObservedWalk.Step> steps = new ArrayList<>();
      for (ObservedWalk walk : walks) {
        if (i < walk.steps().size()) {
          steps.add(walk.steps().get(i));
        }
      }
      if (steps.stream().anyMatch(ObservedWalk.Step::filled)) {
        steps.removeIf(step -> !step.filled());
      }
      List<Block> blocks = new ArrayList<>(blocks(steps));
      blocks.addAll(kept(walks, i));
      locks.add(locksOf(steps.get(steps.size() - 1), blocks, queues));
    }
    return locks;
  }

  private static RevisionLocks locksOf(
      ObservedWalk.Step last, List<Block> blocks, Map<String, LockQueue> queues) {
    return new RevisionLocks(
        last.revision(),
        last.timeline(),
        last.filled(),
        blocks,
        Optional.ofNullable(queues.get(last.revision().id())));
  }

  /** What one revision itself does, from the same step of each walk. */
  private static List<Block> blocks(List<ObservedWalk.Step> steps) {
    return steps.get(steps.size() - 1).holds().stream().map(hold -> block(hold, steps)).toList();
  }

  /**
   * What becomes of its locks while later ones are applied, from the walks that came to the end.
   */
  private static List<Block> kept(List<ObservedWalk> walks, int index) {
    List<ObservedWalk> whole =
        walks.stream().filter(walk -> walk.steps().size() == walks.get(0).steps().size()).toList();
    return Kept.of(whole.get(whole.size() - 1).steps(), index).stream()
        .map(kept -> block(kept, whole, index))
        .toList();
  }

  private static Block block(Kept kept, List<ObservedWalk> walks, int index) {
    List<Sample> samples = new ArrayList<>();
    for (ObservedWalk walk : walks) {
      Kept.of(walk.steps(), index).stream()
          .map(Kept::hold)
          .filter(kept.hold()::isLike)
          .map(hold -> new Sample(walk.rowsFrom(index), hold.millis(), 0, hold.worked()))
          .forEach(samples::add);
    }
    return new Block(
        kept.hold().table(),
        kept.hold().blocked(),
        kept.hold().statement(),
        kept.slowest().number(),
        kept.slowest().sql(),
        Optional.of(kept.slowest().during()),
        false,
        samples,
        Cost.of(samples));
  }

  private static Block block(Hold hold, List<ObservedWalk.Step> steps) {
    List<Sample> samples = new ArrayList<>();
    for (ObservedWalk.Step step : steps) {
      step.holds().stream()
          .filter(hold::isLike)
          .findFirst()
          .ifPresent(
              other ->
                  samples.add(
                      new Sample(
                          step.rows(),
                          other.millis(),
                          step.timeline().felt(hold.table(), hold.blocked()),
                          other.worked())));
    }
    ObservedStep seen = steps.get(steps.size() - 1).seen();
    int slowest = slowest(hold, seen);
    return new Block(
        hold.table(),
        hold.blocked(),
        hold.statement(),
        slowest,
        seen.result().statements().get(slowest - 1),
        Optional.empty(),
        hold.rewritten(),
        samples,
        Cost.of(samples));
  }

  private static int slowest(Hold hold, ObservedStep seen) {
    Optional<StatementLook> slowest =
        seen.looks().stream()
            .filter(look -> look.start() >= hold.from() && look.start() < hold.until())
            .max(Comparator.comparingDouble(look -> look.end() - look.start()));
    return slowest
        .map(StatementLook::statement)
        .filter(number -> number > 0)
        .orElse(hold.statement());
  }

  /** The names in a list that no table has. */
  public Set<String> unknown(Set<String> names) {
    Set<String> unknown = new TreeSet<>(names);
    unknown.removeAll(tables);
    return tables.isEmpty() ? Set.of() : unknown;
  }
}
