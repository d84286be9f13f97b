package dev.slipway.migrations.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.StepResult;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MadeUpNumberTest {

  private static final Catalog BEFORE =
      Catalog.of(
          Set.of(
              column("notes", "editor_id"),
              column("notes", "account_id"),
              column("notes", "late_id"),
              column("shop.\"Line\"", "\"Order\""),
              key("notes", "fk_notes_account", "(account_id) REFERENCES accounts(id)"),
              key("notes", "fk_notes_late", "(late_id) REFERENCES accounts(id) NOT VALID")));

  @Test
  void isBlamedInAColumnThatHadNoForeignKey() {
    assertThat(isBlamed(refused("notes", "editor_id"), "notes.editor_id")).isTrue();
    assertThat(isBlamed(refused("Line", "Order"), "shop.\"Line\".Order")).isTrue();
  }

  @Test
  void isBlamedWhereAForeignKeyHadNotLookedAtAllRows() {
    assertThat(isBlamed(refused("notes", "late_id"), "notes.late_id")).isTrue();
  }

  @Test
  void isNotBlamedForANumberThatDidNotStandThere() {
    String update = "UPDATE notes SET editor_id = 55";

    assertThat(isBlamed(refused("notes", "editor_id", update))).isFalse();
    assertThat(isBlamed(refused("notes", "editor_id", update), "notes.late_id")).isFalse();
  }

  @Test
  void isBlamedInAColumnThatTheStepRenamesOrCopies() {
    String renamed = "ALTER TABLE notes RENAME editor_id TO author_id";
    String copied = "UPDATE notes SET author_id = editor_id WHERE author_id IS NULL";
    String elsewhere = "INSERT INTO authors (author_id) SELECT editor_id FROM notes";
    String table = "ALTER TABLE notes RENAME TO remarks";

    assertThat(isBlamed(refused("notes", "author_id", renamed), "notes.editor_id")).isTrue();
    assertThat(isBlamed(refused("notes", "author_id", copied), "notes.editor_id")).isTrue();
    assertThat(isBlamed(refused("authors", "author_id", elsewhere), "notes.editor_id")).isTrue();
    assertThat(isBlamed(refused("remarks", "editor_id", table), "notes.editor_id")).isTrue();
    assertThat(isBlamed(refused("remarks", "author_id", table, renamed), "notes.editor_id"))
        .isTrue();
    assertThat(isBlamed(refused("notes", "author_id", table), "notes.editor_id")).isFalse();
  }

  @Test
  void isNotBlamedWhereAColumnIsCopiedWhoseRowsReferredToOthers() {
    String copied = "UPDATE notes SET author_id = account_id";

    assertThat(isBlamed(refused("notes", "author_id", copied), "notes.account_id")).isFalse();
  }

  @Test
  void isBlamedInAColumnThatWasRenamedForGoodBeforeTheStepFailed() {
    StepResult step =
        refused("notes", "author_id", "ALTER TABLE notes RENAME editor_id TO author_id");

    assertThat(isBlamed(step, "notes.author_id", "\"notes\".author_id")).isTrue();
  }

  @Test
  void isBlamedInAllColumnsOfAKeyOrInNone() {
    StepResult step =
        failed(
            """
            insert or update on table "notes" violates foreign key constraint "fk"
            DETAIL:  Key (editor_id, late_id)=(55, 56) is not present in table "accounts".""",
            "23503");

    assertThat(
            MadeUpNumber.mayBeBlamedFor(
                step, BEFORE, (table, column, value) -> Set.of("55", "56").contains(value)))
        .isTrue();
    assertThat(
            MadeUpNumber.mayBeBlamedFor(step, BEFORE, (table, column, value) -> value.equals("55")))
        .isFalse();
  }

  @Test
  void isNotBlamedWhereRowsReferredToOthersBefore() {
    assertThat(isBlamed(refused("notes", "account_id"), "notes.account_id")).isFalse();
  }

  @Test
  void isNotBlamedInAColumnThatIsNew() {
    assertThat(isBlamed(refused("notes", "author_id"), "notes.author_id")).isFalse();
  }

  @Test
  void isNotBlamedForRowsThatOthersReferTo() {
    StepResult deletes =
        failed(
            """
            sqlalchemy.exc.IntegrityError: (psycopg.errors.ForeignKeyViolation) update or delete on table "notes" violates foreign key constraint "fk" on table "lines"
            DETAIL:  Key (editor_id)=(55) is still referenced from table "lines".""",
            "23503");

    assertThat(isBlamed(deletes, "notes.editor_id")).isFalse();
  }

  @Test
  void isNotBlamedForAnythingElse() {
    String error = refused("notes", "editor_id").error();
    assertThat(isBlamed(failed(error, "23505"), "notes.editor_id")).isFalse();
    assertThat(isBlamed(failed("no words", "23503"), "notes.editor_id")).isFalse();
  }

  private static boolean isBlamed(StepResult step, String... columnsWithThatNumber) {
    return MadeUpNumber.mayBeBlamedFor(
        step,
        BEFORE,
        (table, column, value) ->
            value.equals("55") && List.of(columnsWithThatNumber).contains(table + "." + column));
  }

  private static SchemaObject column(String table, String name) {
    return new SchemaObject("column", table, name, "integer");
  }

  private static SchemaObject key(String table, String name, String definition) {
    return new SchemaObject("constraint", table, name, "FOREIGN KEY " + definition);
  }

  private static StepResult refused(String table, String column, String... statements) {
    return failed(
        """
        sqlalchemy.exc.IntegrityError: (psycopg.errors.ForeignKeyViolation) insert or update on table "%s" violates foreign key constraint "fk"
        DETAIL:  Key (%s)=(55) is not present in table "accounts".
        [SQL: ALTER TABLE notes ADD CONSTRAINT fk FOREIGN KEY(editor_id) REFERENCES accounts (id)]"""
            .formatted(table, column),
        "23503",
        statements);
  }

  private static StepResult failed(String error, String state, String... statements) {
    return new StepResult(
        false, 0, false, false, error, error, List.of(statements), List.of(), state, false);
  }
}
