package dev.slipway.migrations.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WalkFindingTest {

  private static final Revision REVISION =
      new Revision("b", List.of("a"), 0, "name", "versions/b.py", List.of());
  private static final StepResult UNIQUE =
      failed("psycopg.errors.UniqueViolation: could not create unique index", "23505");

  @Test
  void asksARevisionThatFailsTheSecondTimeForNothingThatNewRowsNeed() {
    MigrationFinding failure =
        WalkFinding.upgradeFailure(REVISION, UNIQUE, Set.of("b"), Set.of("a")).orElseThrow();
    assertThat(failure.message()).contains("must fill in what they lack first");

    MigrationFinding again = WalkFinding.onlyTheSecondTime(REVISION, failure, UNIQUE);

    assertThat(again.rule()).isEqualTo(failure.rule());
    assertThat(again.message())
        .startsWith("`alembic upgrade b` failed with exit status 1:\npsycopg.errors.UniqueViol")
        .contains("let the downgrade() of b.py take back what stands in the way now")
        .doesNotContain("must fill in", "Mend the revision");
  }

  @Test
  void asksForNoMendWhereNothingMayBeWrong() {
    StepResult refused = failed("Key (a)=(41) is not present in table \"b\"", "23503");

    assertThat(WalkFinding.madeUpNumber("alembic upgrade b", refused))
        .endsWith("`alembic upgrade b` failed with exit status 1:\n" + refused.error());
    assertThat(WalkFinding.madeUpText("alembic downgrade -1", refused))
        .doesNotContain("Mend the revision");
  }

  private static StepResult failed(String error, String state) {
    return new StepResult(false, 0, false, false, error, error, List.of(), List.of(), state, false);
  }
}
