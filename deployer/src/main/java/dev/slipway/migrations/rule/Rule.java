package dev.slipway.migrations.rule;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a migration can do wrong; {@code docs/migration-rules.md} has a chapter for each. */
public enum Rule {
  MULTIPLE_HEADS,
  UPGRADE_FAILS,
  UPGRADE_HANGS,
  VERSION_NOT_RECORDED,
  DOWNGRADE_MISSING,
  DOWNGRADE_FAILS,
  DOWNGRADE_HANGS,
  LEFT_BEHIND,
  NOT_RESTORED,
  NOT_REPEATABLE,
  ROWS_LOST,
  ROWS_REFUSED,
  WORK_LEFT_OPEN,
  ONE_TRANSACTION_FAILS,
  ONE_TRANSACTION_DIFFERS,
  NOT_RETRYABLE,
  CLASHES_WITH_ITSELF,
  READS_BLOCKED,
  WRITES_BLOCKED,
  TABLE_REWRITTEN,
  ROWS_LOCKED,
  LOCK_QUEUE,
  DRIFT,
  PREVIOUS_RELEASE_FAILS,
  NOT_CHECKED,
  WAIVER_UNREADABLE,
  WAIVER_EXPIRED,
  WAIVER_UNUSED;

  /** Its name as people write it, such as {@code rows-lost}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The rule of that name. */
  public static Optional<Rule> of(String id) {
    return Arrays.stream(values()).filter(rule -> rule.id().equals(id)).findFirst();
  }

  /** The names of those that a revision's author may waive. */
  public static List<String> waivable() {
    return Arrays.stream(values()).filter(Rule::isWaivable).map(Rule::id).toList();
  }

  /** Whether somebody can have a good reason for it. */
  public boolean isWaivable() {
    return !isAboutWaivers() && this != MULTIPLE_HEADS && this != DRIFT && this != NOT_CHECKED;
  }

  /** Whether a waiver itself breaks it. */
  public boolean isAboutWaivers() {
    return id().startsWith("waiver-");
  }

  /** Whether it is broken where a revision cannot be undone wholly. */
  public boolean isAboutTheWayBack() {
    return EnumSet.range(DOWNGRADE_MISSING, NOT_RESTORED).contains(this);
  }

  @Override
  public String toString() {
    return id();
  }
}
