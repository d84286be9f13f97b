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
      findings.add(
          found(
              Rule.NOT_RESTORED,
              revision,
              changed,
              when
                  + "the "
                  + changed.label()
                  + " is `"
                  + changed.definition()
                  + "` and was `"
                  + change.before().definition()
                  + "`; "
                  + repair(changed)
                  + " in the downgrade() of "
                  + revision.file()
                  + "."));
    }
    return findings;
  }

  private static String definition(SchemaObject object) {
    return object.definition().isEmpty() ? "" : ": `" + object.definition() + "`";
  }

  private static String repair(SchemaObject changed) {
    return switch (changed.kind()) {
      case "column" -> "change it back with `op.alter_column(…)`";
      case "enum type" ->
          "PostgreSQL removes no label, so rename the type, make it anew and convert its columns";
      default -> "define it as before";
    };
  }

  /** What the second upgrade did otherwise than the first. */
  public static List<MigrationFinding> afterSecondUpgrade(
      Revision revision, Catalog first, Catalog second) {
    String when = "after upgrade, `downgrade -1` and upgrade of " + revision + " ";
    List<MigrationFinding> findings = new ArrayList<>();
    for (SchemaObject more : second.without(first)) {
      findings.add(
          found(
              Rule.NOT_REPEATABLE,
              revision,
              more,
              when + "there is the " + more.label() + ", which the first upgrade did not make."));
    }
    for (SchemaObject less : first.without(second)) {
      findings.add(
          found(
              Rule.NOT_REPEATABLE,
              revision,
              less,
              when + "the " + less.label() + " is missing, which the first upgrade made."));
    }
    for (Change change : second.changedSince(first)) {
      findings.add(
          found(
              Rule.NOT_REPEATABLE,
              revision,
              change.now(),
              when
                  + "the "
                  + change.now().label()
                  + " is `"
                  + change.now().definition()
                  + "`; the first upgrade made it `"
                  + change.before().definition()
                  + "`."));
    }
    return findings;
  }

  private static MigrationFinding found(
      Rule rule, Revision revision, SchemaObject object, String message) {
    return new MigrationFinding(rule, revision.id(), object.label(), message);
  }
}
