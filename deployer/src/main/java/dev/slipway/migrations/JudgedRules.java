package dev.slipway.migrations;

import dev.slipway.migrations.lock.LockJudgement;
import dev.slipway.migrations.rule.Rule;
import java.util.EnumSet;
import java.util.Set;

/** Which rules a complete check looks at of a revision, so that a waiver of them can be unused. */
final class JudgedRules {

  private JudgedRules() {}

  /**
   * The rules; what the previous release does on the new schema is looked at elsewhere.
   *
   * @param isNew whether production does not have the revision: only then do its locks count
   * @param leftOut the parts of the check that could not be done
   */
  static Set<Rule> of(boolean isNew, Set<Part> leftOut) {
    Set<Rule> rules = EnumSet.complementOf(EnumSet.of(Rule.PREVIOUS_RELEASE_FAILS));
    if (!isNew) {
      rules.removeAll(LockJudgement.RULES);
    }
    if (leftOut.contains(Part.KILLED)) {
      rules.remove(Rule.NOT_RETRYABLE);
    }
    if (leftOut.contains(Part.TWO_AT_ONCE)) {
      rules.remove(Rule.CLASHES_WITH_ITSELF);
    }
    return rules;
  }
}
