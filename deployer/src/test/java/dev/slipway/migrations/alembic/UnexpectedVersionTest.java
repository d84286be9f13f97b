package dev.slipway.migrations.alembic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnexpectedVersionTest {

  @Test
  void believesTheVersionTableAndNotTheExitStatus() {
    CommandResult zero = new CommandResult(0, "", "all is well");

    assertThat(UnexpectedVersion.after("alembic upgrade head", zero, Set.of("2"), Set.of("2")))
        .isEmpty();
    assertThat(UnexpectedVersion.after("alembic upgrade head", zero, Set.of("2"), Set.of()))
        .get()
        .asString()
        .startsWith("`alembic upgrade head` exited 0, but a new connection finds nothing")
        .contains("instead of 2", "env.py swallows an error", "Let it raise", "all is well");
  }

  @Test
  void showsTheLastWordsOfAFailure() {
    assertThat(
            UnexpectedVersion.after(
                "alembic upgrade head", new CommandResult(1, "", "boom"), Set.of(), Set.of()))
        .get()
        .asString()
        .startsWith("`alembic upgrade head` failed with exit status 1:\nboom\nMend the revision");
  }

  @Test
  void advisesToFillInWhatRowsLackOnlyWhereTheyLackIt() {
    assertThat(failure("psycopg.errors.NotNullViolation: column \"name\" contains null values"))
        .contains("must fill in what they lack first");
    assertThat(failure("asyncpg.exceptions.UniqueViolationError: could not create unique index"))
        .contains("must fill in what they lack first");
    assertThat(failure("psycopg2.errors.UndefinedTable: relation \"orders\" does not exist"))
        .doesNotContain("lack")
        .contains("The traceback shows the line");
  }

  private static String failure(String words) {
    return UnexpectedVersion.after(
            "alembic upgrade head", new CommandResult(1, "", words), Set.of(), Set.of())
        .orElseThrow();
  }
}
