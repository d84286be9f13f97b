package dev.slipway.migrations.alembic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalkerTest {

  @Test
  void asksWhetherAlembicIsFoundOnlyWhereItMayNotBe() {
    assertThat(
            refusal(
                """
                  File "/app/migrations/versions/a1.py", line 3, in <module>
                    from app.shelves import COLUMNS
                ModuleNotFoundError: No module named 'app.shelves'
                """))
        .contains("No module named 'app.shelves'")
        .contains("the file that the traceback names is what to mend")
        .doesNotContain("if alembic is not found");
    assertThat(
            refusal(
                """
                Traceback (most recent call last):
                  File "<string>", line 55, in <module>
                ModuleNotFoundError: No module named 'alembic'
                """))
        .contains("if alembic is not found");
    assertThat(refusal("No 'script_location' key found in configuration."))
        .contains("if alembic is not found");
  }

  /** What is said of an alembic that ends with such words. */
  private static String refusal(String lastWords) {
    Alembic alembic = new Alembic(new DumbBed(lastWords), List.of("alembic"));
    Database database = new Database("localhost", 1, "none", "nobody", Secret.of("nothing"));
    return catchThrowableOfType(
            SlipwayException.class, () -> Walker.start(alembic, database, Duration.ofSeconds(1)))
        .toString();
  }

  /** One whose alembic says nothing but its last words. */
  private static final class DumbBed extends RefusingBed {

    private final String lastWords;

    DumbBed(String lastWords) {
      this.lastWords = lastWords;
    }

    @Override
    public Conversation converse(Database database, List<String> command) {
      return new QueuedAnswers() {
        @Override
        public void say(String line) {}

        @Override
        public String lastWords() {
          return lastWords;
        }
      };
    }
  }
}
