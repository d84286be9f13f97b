package dev.slipway.deploy.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MigrationWatchTest {

  private final List<String> lines = new ArrayList<>();
  private final MigrationWatch watch =
      new MigrationWatch(new DeployLog(lines::add, new Redaction(List.of())));

  private void runs(long seconds, String index) {
    watch.accept(
        ("slipway-activity {'pid':1,'statement':'create index\\n  by_name','seconds':%d,'waited':null,'lock':null,"
                + "'blocker':null,'index':%s,'ended':false}")
            .formatted(seconds, index)
            .replace('\'', '"'));
  }

  private void waits(long waited, boolean ended) {
    watch.accept(
        ("slipway-activity {'pid':2,'statement':'alter table orders','seconds':60,'waited':%d,'lock':'orders',"
                + "'blocker':{'pid':7,'application':'','state':'idle in transaction','seconds':90,'statement':'select 1'},"
                + "'index':null,'ended':%s}")
            .formatted(waited, ended)
            .replace('\'', '"'));
  }

  @Test
  void passesOnWhatTheMigrationPrints() {
    watch.accept("Running upgrade 0010 -> 0011");

    assertThat(lines).containsExactly("      Running upgrade 0010 -> 0011");
    assertThat(watch.waitedTooLong()).isEmpty();
  }

  @Test
  void tellsEachTenSecondsWhatRunsAndHowFarAnIndexIs() {
    for (long second = 0; second <= 25; second++) {
      runs(second, second < 15 ? "null" : "{'phase':'building index','done':30,'of':120}");
      runs(second, "null");
    }

    assertThat(lines)
        .containsExactly(
            "      runs for 10 s: create index by_name",
            "      runs for 20 s (building index, 25 %): create index by_name");
  }

  @Test
  void tellsSoonWhoIsWaitedForAndThenLessOften() {
    for (long second = 0; second <= 20; second++) {
      waits(second, false);
    }

    String blocker =
        " for orders, which has process 7, idle in transaction, 90 s into its transaction: select 1;: alter table orders";
    assertThat(lines)
        .containsExactly("      waits for 2 s" + blocker, "      waits for 12 s" + blocker);
    assertThat(watch.waitedTooLong()).isEmpty();
  }

  @Test
  void knowsAWaitThatWasEnded() {
    waits(1, false);
    waits(5, true);

    assertThat(watch.waitedTooLong())
        .contains(
            "orders, which has process 7, idle in transaction, 90 s into its transaction: select 1");
  }

  @Test
  void knowsTheProjectsOwnTimeOut() {
    waits(1, false);
    watch.accept("psycopg2.errors.LockNotAvailable: canceling statement due to lock timeout");

    assertThat(watch.waitedTooLong())
        .hasValueSatisfying(text -> assertThat(text).startsWith("orders, which has process 7"));
  }

  @Test
  void saysThatNobodyLooksAnyMore() {
    watch.accept("slipway-unwatched");

    assertThat(lines)
        .containsExactly(
            "      Nobody looks after the migration's locks any more; the lines above say why. It goes on.");
  }
}
