package dev.slipway.migrations.lock;

import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What to think of locks. Wrong is only what would keep people from a table whose size is known for
 * too long; all else is advice.
 *
 * @param findings what is wrong
 * @param advice what would be, were the table large
 */
public record LockJudgement(List<MigrationFinding> findings, List<MigrationFinding> advice) {

  /** The rules that it hears. */
  public static final Set<Rule> RULES =
      Set.of(Rule.WRITES_BLOCKED, Rule.READS_BLOCKED, Rule.TABLE_REWRITTEN, Rule.ROWS_LOCKED);

  /** More rows than these are not what somebody has without knowing it. */
  private static final double MANY_ROWS = 1e7;

  /** Copies. */
  public LockJudgement {
    findings = List.copyOf(findings);
    advice = List.copyOf(advice);
  }

  /** Judges. */
  public static LockJudgement of(List<RevisionLocks> revisions, LockLimits limits) {
    List<MigrationFinding> findings = new ArrayList<>();
    List<MigrationFinding> advice = new ArrayList<>();
    for (RevisionLocks locks : revisions) {
      Map<String, Block> wrong = new TreeMap<>();
      Map<String, Block> doubtful = new TreeMap<>();
      for (Block block : locks.blocks()) {
        if (limits.sizes().containsKey(block.table())) {
          if (limits.isExceededBy(block.cost().at(limits.sizes()))) {
            wrong.putIfAbsent(block.table(), block);
          }
        } else if (block.cost().perRow() * MANY_ROWS > (double) limits.longest().toMillis()) {
          doubtful.putIfAbsent(block.table(), block);
        }
      }
      LockWords words = new LockWords(locks.revision(), limits);
      wrong.values().stream().map(words::tooLong).forEach(findings::add);
      doubtful.values().stream().map(words::grows).forEach(advice::add);
    }
    return new LockJudgement(findings, advice);
  }
}
