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
    assertThat(MadeUpNumber.mayBeBlamedFor(refused("notes", "editor_id"), BEFORE)).isTrue();
    assertThat(MadeUpNumber.mayBeBlamedFor(refused("Line", "Order"), BEFORE)).isTrue();
  }

  @Test
  void isBlamedWhereAForeignKeyHadNotLookedAtAllRows() {
    assertThat(MadeUpNumber.mayBeBlamedFor(refused("notes", "late_id"), BEFORE)).isTrue();
  }

  @Test
  void isNotBlamedWhereRowsReferredToOthersBefore() {
    assertThat(MadeUpNumber.mayBeBlamedFor(refused("notes", "account_id"), BEFORE)).isFalse();
  }

  @Test
  void isNotBlamedInAColumnThatIsNew() {
    assertThat(MadeUpNumber.mayBeBlamedFor(refused("notes", "author_id"), BEFORE)).isFalse();
  }

  @Test
  void isNotBlamedForRowsThatOthersReferTo() {
    StepResult deletes =
        failed(
            """
            sqlalchemy.exc.IntegrityError: (psycopg.errors.ForeignKeyViolation) update or delete on table "notes" violates foreign key constraint "fk" on table "lines"
            DETAIL:  Key (editor_id)=(1) is still referenced from table "lines".""",
            "23503");

    assertThat(MadeUpNumber.mayBeBlamedFor(deletes, BEFORE)).isFalse();
  }

  @Test
  void isNotBlamedForAnythingElse() {
    String error = refused("notes", "editor_id").error();
    assertThat(MadeUpNumber.mayBeBlamedFor(failed(error, "23505"), BEFORE)).isFalse();
    assertThat(MadeUpNumber.mayBeBlamedFor(failed("no words", "23503"), BEFORE)).isFalse();
  }

  private static SchemaObject column(String table, String name) {
    return new SchemaObject("column", table, name, "integer");
  }

  private static SchemaObject key(String table, String name, String definition) {
    return new SchemaObject("constraint", table, name, "FOREIGN KEY " + definition);
  }

  private static StepResult refused(String table, String column) {
    return failed(
        """
        sqlalchemy.exc.IntegrityError: (psycopg.errors.ForeignKeyViolation) insert or update on table "%s" violates foreign key constraint "fk"
        DETAIL:  Key (%s)=(55) is not present in table "accounts".
        [SQL: ALTER TABLE notes ADD CONSTRAINT fk FOREIGN KEY(editor_id) REFERENCES accounts (id)]"""
            .formatted(table, column),
        "23503");
  }

  private static StepResult failed(String error, String state) {
    return new StepResult(false, 0, false, false, error, error, List.of(), List.of(), state, false);
  }
}
