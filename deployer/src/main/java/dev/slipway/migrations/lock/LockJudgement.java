package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What to think of locks. Wrong is only what would keep people for too long from a table whose size
 * is known, what did so to a canary, and a wait for a lock that nobody may limit; all else is
 * advice.
 *
 * @param findings what is wrong
 * @param advice what would be, were the table large
 */
public record LockJudgement(List<MigrationFinding> findings, List<MigrationFinding> advice) {

  /** The rules that it hears. */
  public static final Set<Rule> RULES =
      Set.of(
          Rule.WRITES_BLOCKED,
          Rule.READS_BLOCKED,
          Rule.TABLE_REWRITTEN,
          Rule.ROWS_LOCKED,
          Rule.LOCK_QUEUE);

  /** More rows than these are not what somebody has without knowing it. */
  private static final double MANY_ROWS = 1e7;

  /** Copies. */
  public LockJudgement {
    findings = List.copyOf(findings);
    advice = List.copyOf(advice);
  }

  /**
   * Judges.
   *
   * @param unreached revisions that could not be looked at, the one that is the reason first
   */
  public static LockJudgement of(
      List<RevisionLocks> revisions, List<Revision> unreached, LockLimits limits) {
    List<MigrationFinding> findings = new ArrayList<>();
    List<MigrationFinding> advice = new ArrayList<>();
    for (RevisionLocks locks : revisions) {
      LockWords words = new LockWords(locks.revision(), limits);
      Map<String, MigrationFinding> wrong = wrong(locks, words, limits);
      findings.addAll(wrong.values());
      doubtful(locks, limits).values().stream()
          .filter(block -> !wrong.containsKey(block.table()))
          .map(block -> locks.filled() ? words.grows(block) : words.unknown(block))
          .forEach(advice::add);
      locks
          .queue()
          .ifPresent(queue -> (queue.switchedOff() ? findings : advice).add(words.queue(queue)));
    }
    if (!unreached.isEmpty() && !limits.sizes().isEmpty()) {
      findings.add(LockWords.notLookedAt(unreached));
    }
    return new LockJudgement(findings, advice);
  }

  /** The worst of each table that is wrong. */
  private static Map<String, MigrationFinding> wrong(
      RevisionLocks locks, LockWords words, LockLimits limits) {
    Map<String, MigrationFinding> wrong = new TreeMap<>();
    for (Block block : locks.blocks()) {
      if (limits.sizes().containsKey(block.table())
          && limits.isExceededBy(block.cost().at(limits.sizes()))) {
        wrong.putIfAbsent(block.table(), words.tooLong(block));
      }
    }
    locks.timeline().felt().stream()
        .filter(felt -> limits.isExceededBy(felt.millis()))
        .sorted(Comparator.comparing(Felt::blocked))
        .forEach(felt -> wrong.putIfAbsent(felt.table(), words.felt(felt)));
    return wrong;
  }

  private static Map<String, Block> doubtful(RevisionLocks locks, LockLimits limits) {
    Map<String, Block> doubtful = new TreeMap<>();
    for (Block block : locks.blocks()) {
      boolean sized = limits.sizes().containsKey(block.table());
      boolean grows = block.cost().perRow() * MANY_ROWS > (double) limits.longest().toMillis();
      if (locks.filled() ? !sized && grows : sized) {
        doubtful.putIfAbsent(block.table(), block);
      }
    }
    return doubtful;
  }
}
