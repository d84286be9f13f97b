package dev.slipway.migrations.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.StepResult;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MadeUpTextTest {

  private static final Catalog BEFORE =
      Catalog.of(Set.of(new SchemaObject("enum type", "", "status", "open, in work, done")));

  @Test
  void isNotBlamedForALabelThatAnEnumHad() {
    for (String label : List.of("open", "in work", "done")) {
      assertThat(MadeUpText.mayBeBlamedFor(refused("status", label), BEFORE)).as(label).isFalse();
    }
  }

  @Test
  void isBlamedForTextThatNoEnumHad() {
    assertThat(MadeUpText.mayBeBlamedFor(refused("status", "row 41"), BEFORE)).isTrue();
    assertThat(MadeUpText.mayBeBlamedFor(refused("status", "one"), BEFORE)).isTrue();
  }

  @Test
  void isNotBlamedForWhatIsAboutNoText() {
    assertThat(MadeUpText.mayBeBlamedFor(failed("relation does not exist", "42P01"), BEFORE))
        .isFalse();
  }

  private static StepResult refused(String type, String label) {
    return failed(
        "sqlalchemy.exc.DataError: (psycopg2.errors.InvalidTextRepresentation) invalid input value for enum "
            + type
            + ": \""
            + label
            + "\"\n[SQL: alter table o alter st type \"status\"]",
        "22P02");
  }

  private static StepResult failed(String error, String state) {
    return new StepResult(false, 0, false, false, error, error, List.of(), List.of(), state, false);
  }
}
