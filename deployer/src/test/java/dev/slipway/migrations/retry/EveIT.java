package dev.slipway.migrations.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.catalog.Catalog;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.QueuedAnswers;
import dev.slipway.migrations.alembic.RefusingBed;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

@Tag("selftest")
class EveIT {

  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");
  private static final List<Revision> REVISIONS =
      Stream.of("a", "b", "c", "d")
          .map(id -> new Revision(id, List.of(), 0, id, id + ".py", List.of()))
          .toList();

  @BeforeAll
  static void start() {
    POSTGRES.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.stop();
  }

  @Test
  void appliesWhatComesBeforeOnceForAllDeathsAndGoesOnFromThere() {
    Bed bed = new Bed();
    Alembic alembic = new Alembic(bed, List.of("alembic"));
    Eve eve =
        new Eve(
            new Trials(
                alembic,
                bed::createDatabase,
                REVISIONS.stream().map(EveIT::walked).toList(),
                new Aftermath(alembic, Catalog.of(Set.of()), Map.of())));

    Set<String> databases = new HashSet<>();
    for (int death = 0; death < 3; death++) {
      databases.add(applied(eve.walker(2, true), "a", "b"));
    }
    assertThat(bed.applied).containsExactly("a", "b");
    databases.add(applied(eve.walker(3, true), "a", "b", "c"));
    databases.add(applied(eve.walker(3, false), "a", "b", "c"));

    assertThat(bed.applied).containsExactly("a", "b", "c");
    assertThat(databases).hasSize(5);
  }

  /** The database, in which just these revisions are applied. */
  private static String applied(Walker walker, String... tables) {
    try (walker;
        DatabaseSession session = walker.database().open()) {
      assertThat(session.rows().tables()).containsOnlyKeys(tables);
      return walker.database().name();
    }
  }

  private static WalkedRevision walked(Revision revision) {
    StepResult step = new StepResult(true, 1, false, false, "", "", List.of(), List.of());
    return new WalkedRevision(
        revision, step, step, List.of(), List.of(), List.of(), Map.of(), Map.of());
  }

  /** Databases of a container, and an alembic each of whose revisions makes a table. */
  private static final class Bed extends RefusingBed {

    private final List<String> applied = new ArrayList<>();
    private int databases;

    @Override
    public Database nextDatabase() {
      databases++;
      return new Database(
          POSTGRES.getHost(),
          POSTGRES.getFirstMappedPort(),
          "eve_" + databases,
          POSTGRES.getUsername(),
          Secret.of(POSTGRES.getPassword()));
    }

    @Override
    public void create(Database database) {
      database.create();
    }

    @Override
    public Database copy(Database template) {
      Database copy = nextDatabase();
      copy.createFrom(template);
      return copy;
    }

    @Override
    public Conversation converse(Database database, List<String> command) {
      return new QueuedAnswers() {
        @Override
        public void say(String line) {
          if (line.isEmpty()) {
            return;
          }
          String wish = Json.tree(line).path("do").asText();
          if (wish.equals("up")) {
            String id = Json.tree(line).path("revision").asText();
            applied.add(id);
            try (DatabaseSession session = database.open()) {
              session.execute("create table " + id + " (id int)");
            }
          }
          answer(wish.equals("read") ? new History(List.of("d"), REVISIONS) : Map.of("done", true));
        }
      };
    }
  }
}
