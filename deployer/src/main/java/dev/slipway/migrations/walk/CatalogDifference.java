package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.Catalog.Change;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.ArrayList;
import java.util.List;

/** A schema that should equal an earlier one and does not, in sentences. */
public final class CatalogDifference {

  private CatalogDifference() {}

  /** What a downgrade did not undo; nothing when it undid all. */
  public static List<MigrationFinding> afterDowngrade(
      Revision revision, Catalog before, Catalog after) {
    String when = "after `downgrade` of " + revision + " ";
    List<MigrationFinding> findings = new ArrayList<>();
    for (SchemaObject left : after.without(before)) {
      findings.add(
          found(
              Rule.LEFT_BEHIND,
              revision,
              left,
              when
                  + "the "
                  + left.label()
                  + " is still there; add "
                  + left.removal()
                  + " to the downgrade() of "
                  + revision.file()
                  + "."));
    }
    for (SchemaObject lost : before.without(after)) {
      findings.add(
          found(
              Rule.NOT_RESTORED,
              revision,
              lost,
              when
                  + "the "
                  + lost.label()
                  + " is gone, which was there before; make it again in the downgrade() of "
                  + revision.file()
                  + definition(lost)
                  + "."));
    }
    for (Change change : after.changedSince(before)) {
      SchemaObject changed = change.now();
      if (isValidated(change)) {
        continue;
      }
      findings.add(
          found(
              Rule.NOT_RESTORED,
              revision,
              changed,
              when
                  + "the "
                  + changed.label()
                  + " is "
                  + said(changed)
                  + " and was "
                  + said(change.before())
                  + "; "
                  + repair(changed)
                  + " in the downgrade() of "
                  + revision.file()
                  + "."));
    }
    return findings;
  }

  private static String said(SchemaObject object) {
    return object.definition().isEmpty() ? "plain" : "`" + object.definition() + "`";
  }

  /** Which PostgreSQL cannot undo, and nobody wants undone. */
  private static boolean isValidated(Change change) {
    return change.before().definition().equals(change.now().definition() + " NOT VALID");
  }

  private static String definition(SchemaObject object) {
    return object.definition().isEmpty() ? "" : ": `" + object.definition() + "`";
  }

  private static String repair(SchemaObject changed) {
    return switch (changed.kind()) {
      case "column" -> "change it back, by `op.alter_column(…)` or `ALTER TABLE … ALTER COLUMN`";
      case "table" -> "change it back, as by `ALTER TABLE` for its options and row level security,";
      case "enum type" ->
          "PostgreSQL removes no label, so rename the type, make it anew and convert its columns";
      default -> "define it as before";
    };
  }

  /** What the second upgrade did otherwise than the first. */
  public static List<MigrationFinding> afterSecondUpgrade(
      Revision revision, Catalog first, Catalog second) {
    return between(
        Rule.NOT_REPEATABLE,
        revision.id(),
        "after upgrade, `downgrade -1` and upgrade of " + revision + " ",
        first,
        second,
        "the first upgrade did not make",
        "the first upgrade made");
  }

  /** What one {@code alembic upgrade head} did otherwise than one revision at a time. */
  static List<MigrationFinding> afterOneTransaction(String from, Catalog stepwise, Catalog found) {
    return between(
        Rule.ONE_TRANSACTION_DIFFERS,
        "",
        "after one `alembic upgrade head` from " + from + " ",
        stepwise,
        found,
        "one revision at a time does not make",
        "one revision at a time makes");
  }

  private static List<MigrationFinding> between(
      Rule rule,
      String revision,
      String when,
      Catalog wanted,
      Catalog found,
      String doesNotMake,
      String makes) {
    List<MigrationFinding> findings = new ArrayList<>();
    for (SchemaObject more : found.without(wanted)) {
      String message = when + "there is the " + more.label() + ", which " + doesNotMake + ".";
      findings.add(new MigrationFinding(rule, revision, more.label(), message));
    }
    for (SchemaObject less : wanted.without(found)) {
      String message = when + "the " + less.label() + " is missing, which " + makes + ".";
      findings.add(new MigrationFinding(rule, revision, less.label(), message));
    }
    for (Change change : found.changedSince(wanted)) {
      String label = change.now().label();
      String message =
          "%sthe %s is %s; %s it %s."
              .formatted(when, label, said(change.now()), makes, said(change.before()));
      findings.add(new MigrationFinding(rule, revision, label, message));
    }
    return findings;
  }

  private static MigrationFinding found(
      Rule rule, Revision revision, SchemaObject object, String message) {
    return new MigrationFinding(rule, revision.id(), object.label(), message);
  }
}
