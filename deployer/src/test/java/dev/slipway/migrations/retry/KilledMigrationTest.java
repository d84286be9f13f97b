package dev.slipway.migrations.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.QueuedAnswers;
import dev.slipway.migrations.alembic.RefusingBed;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KilledMigrationTest {

  private static final Revision REVISION =
      new Revision("b", List.of(), 0, "fill", "versions/b.py", List.of());
  private static final StepResult WITH_ROWS =
      new StepResult(
          true, 1, false, false, "", "", List.of("SELECT 1", "VACUUM orders"), List.of(2));

  private static WalkedRevision walked(StepResult upgrade) {
    return new WalkedRevision(
        REVISION,
        upgrade,
        upgrade,
        List.of(),
        List.of(),
        List.of(),
        Map.of("orders", 3L),
        Map.of());
  }

  @Test
  void saysWhatItCouldNotTryWhereFewerStatementsAreSentWithoutRows() {
    Map<String, String> unproved = new TreeMap<>();
    List<String> told = new ArrayList<>();
    Alembic alembic = new Alembic(new Bed(), List.of("alembic"));

    Trials trials =
        new Trials(
            alembic,
            () -> new Database("localhost", 1, "none", "nobody", Secret.of("nothing")),
            List.of(walked(WITH_ROWS)),
            new Aftermath(alembic, Catalog.of(Set.of()), Map.of()));

    assertThat(KilledMigration.findings(trials, unproved::put, told::add)).isEmpty();
    assertThat(told).containsExactly("Killing 1 of 1: b (fill)");
    assertThat(LostServer.finding(trials, unproved::put)).isEmpty();

    assertThat(unproved)
        .containsOnlyKeys(
            "b (fill), which is killed after `VACUUM orders`",
            "b (fill), which loses PostgreSQL, which restarts, after `VACUUM orders`");
  }

  @Test
  void saysTheSameOnceOfEqualStatements() {
    String sql = "VACUUM orders";
    StepResult twice =
        new StepResult(
            true, 1, false, false, "", "", List.of(sql, "VACUUM lines", sql), List.of(1, 2, 3));
    Alembic alembic =
        new Alembic(
            new Bed() {
              @Override
              public Conversation converse(Database database, List<String> command) {
                return new Dies();
              }

              @Override
              public CommandResult run(Database database, List<String> command) {
                return new CommandResult(1, "", "it is there already");
              }
            },
            List.of("alembic"));

    assertThat(
            KilledMigration.findings(
                new Trials(
                    alembic,
                    () -> new Database("localhost", 1, "none", "nobody", Secret.of("nothing")),
                    List.of(walked(twice)),
                    new Aftermath(alembic, Catalog.of(Set.of()), Map.of())),
                (what, why) -> {},
                line -> {}))
        .extracting(finding -> finding.message().lines().findFirst().orElseThrow())
        .containsExactly(
            "When the upgrade of b (fill) is killed after `VACUUM orders`, `alembic upgrade head`,"
                + " called again, fails:",
            "When the upgrade of b (fill) is killed after `VACUUM lines`, `alembic upgrade head`,"
                + " called again, fails:");
  }

  /** An alembic that dies when it is told to. */
  private static final class Dies extends QueuedAnswers {

    private boolean dead;

    @Override
    public void say(String line) {
      if (line.contains("read")) {
        answer(new History(List.of("b"), List.of(REVISION)));
      }
      dead |= line.contains("die");
    }

    @Override
    public boolean ended() {
      return dead;
    }
  }

  /** An alembic whose revision ends before it comes to the statement at which it is to die. */
  private static final class EndsEarlier extends QueuedAnswers {

    @Override
    public void say(String line) {
      boolean reads = line.contains("read");
      answer(reads ? new History(List.of("b"), List.of(REVISION)) : Map.of("done", true));
    }
  }

  private static class Bed extends RefusingBed {

    @Override
    public Conversation converse(Database database, List<String> command) {
      return new EndsEarlier();
    }
  }
}
