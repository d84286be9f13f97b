package dev.slipway.migrations;

import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;

/** What a check could not look at: a finding of its own, which no waiver hides. */
final class NotChecked {

  private NotChecked() {}

  /** All that comes after what ended a walk and is waived. */
  static MigrationFinding behind(MigrationFinding end) {
    return new MigrationFinding(
        Rule.NOT_CHECKED,
        end.revision(),
        "",
        "Revision "
            + end.revision()
            + " cannot be applied here, so it, the revisions after it and all that is asked of them"
            + " at the head are not checked. The waiver of "
            + end.rule()
            + " does not cover those: let the revision pass where what it needs is missing, or"
            + " check the later ones alone (--since).");
  }

  /**
   * A part of the check that nothing can be asked of, since all revisions at once do something else
   * than one at a time, which is waived.
   *
   * @param part what it sees, as the end of "whether"
   */
  static MigrationFinding besides(String part, MigrationFinding waived) {
    return new MigrationFinding(
        Rule.NOT_CHECKED,
        waived.revision(),
        part,
        "Whether "
            + part
            + " is not checked, since one `alembic upgrade head` does not what the revisions do one"
            + " at a time. The waiver of "
            + waived.rule()
            + " does not cover that: let the revisions go well in one call, or check the later ones"
            + " alone (--since).");
  }

  /**
   * A part of the check for which a second database did not come to the head.
   *
   * @param part what it sees, as the end of "whether"
   * @param failure what alembic said
   */
  static MigrationFinding of(String part, String failure) {
    return new MigrationFinding(
        Rule.NOT_CHECKED,
        "",
        part,
        "Whether "
            + part
            + " is not checked: `alembic upgrade head` fails on a second database of the same"
            + " PostgreSQL, though it went well on the first:\n"
            + failure
            + "\n"
            + "Let the revisions depend on nothing that an earlier run left outside of its"
            + " database.");
  }

  /**
   * A part of the check at which the run was cut off, and all that comes after it.
   *
   * @param part what it sees, as the end of "whether"
   */
  static MigrationFinding cutOff(String part) {
    return new MigrationFinding(
        Rule.NOT_CHECKED,
        "",
        part,
        "The check was interrupted, and is incomplete: whether "
            + part
            + " is not known, nor what comes after it. Give it more time, or check the new revisions"
            + " alone (--since).");
  }
}
