package dev.slipway.deploy.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.Polling;
import dev.slipway.platform.LockPatience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Migrations beside users of a real database: psql in a container stands in for alembic. */
@Tag("selftest")
@TestInstance(Lifecycle.PER_CLASS)
class LiveMigrationIT {

  private static final String RUN = "slipway-it-migration";
  private static final String USER = "slipway-it-user";
  private static final String BLOCKED = "alter table orders add column note text";
  private static final Duration SHORT = Duration.ofMinutes(1);

  private DatabaseBed bed;

  @BeforeAll
  void start(@TempDir Path folder) {
    bed = new DatabaseBed(folder);
  }

  @AfterAll
  void stop() {
    bed.close();
  }

  @BeforeEach
  void freshTable() {
    bed.lines.clear();
    bed.sql(
        "drop table if exists orders; create table orders as select generate_series(1, 1000) as id");
  }

  @AfterEach
  void endUsers() {
    endUser();
    assertThat(Thread.interrupted()).as("an interrupt that no test expects").isFalse();
    assertThat(containers()).isEmpty();
    assertThat(bed.foreignSessions()).isEqualTo("0");
  }

  private String containers() {
    return bed.shell
        .run(ShellCommand.of("docker", "ps", "-aq", "--filter", "name=slipway-it-"), SHORT)
        .standardOutput();
  }

  private void endUser() {
    bed.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where client_addr is not null and query like '%pg_sleep(600)%'");
    Polling.until(() -> !containers().isEmpty() ? removed(USER) : true);
  }

  private boolean removed(String container) {
    bed.shell.run(ShellCommand.of("docker", "rm", "-fv", container), SHORT);
    return containers().isEmpty();
  }

  private void aUserHas(String statement, String locks) {
    bed.holding(USER, statement);
    Polling.until(() -> !bed.sql(locks).equals("0"));
  }

  private void aUserReadsTheOrders() {
    aUserHas(
        "select count(*) from orders",
        "select count(*) from pg_locks where relation = 'orders'::regclass and pid <> pg_backend_pid()");
  }

  private LiveMigration migration(LockPatience patience, Consumer<Duration> pause) {
    return new LiveMigration(bed.shell, bed.commands, patience, bed.log, bed.clock, pause);
  }

  private static LockPatience patience(int tries) {
    return new LockPatience(Duration.ofSeconds(1), tries, Duration.ofMinutes(2));
  }

  private CommandResult run(LiveMigration migration, String statement) {
    return migration.run(bed.client(RUN, statement), RUN, Optional.of(bed.container()));
  }

  @Test
  void givesWayToAUserAndSucceedsWhenThatHasGone() {
    aUserReadsTheOrders();

    CommandResult result = run(migration(patience(12), rest -> endUser()), BLOCKED);

    assertThat(result.succeeded()).isTrue();
    assertThat(bed.sql("select count(*) from orders where note is null")).isEqualTo("1000");
    assertThat(bed.lines)
        .anyMatch(
            line ->
                line.matches(
                    " +A statement waited longer than 1 s for orders, which has process \\d+ \\(psql\\), active, \\d+ s into its"
                        + " transaction: begin; select count\\(\\*\\) from orders; select pg_sleep\\(600\\)"))
        .contains("      It gave way; try 2 of 12 in 1 s.");
  }

  @Test
  void nobodyWaitsBehindAMigrationThatWaits() {
    aUserReadsTheOrders();

    run(
        migration(
            patience(12),
            rest -> {
              assertThat(bed.sql("select count(*) from orders")).isEqualTo("1000");
              endUser();
            }),
        BLOCKED);
  }

  @Test
  void failsWhenEveryTryMetAUser() {
    aUserReadsTheOrders();

    SlipwayException failed =
        catchThrowableOfType(
            SlipwayException.class, () -> run(migration(patience(2), rest -> {}), BLOCKED));

    assertThat(failed.what())
        .startsWith("The migration gave way to others 2 times, the last time: A statement waited");
    assertThat(failed.advice()).contains("migrations.lock-tries");
  }

  @Test
  void doesNotTryAgainWhatFailsByItself() {
    CommandResult result = run(migration(patience(12), rest -> endUser()), "select 1 / 0");

    assertThat(result.succeeded()).isFalse();
    assertThat(bed.lines).noneMatch(line -> line.contains("try 2"));
  }

  @Test
  void triesAgainWhatTheProjectsOwnTimeOutEnded() {
    aUserReadsTheOrders();
    LockPatience patience = new LockPatience(Duration.ofSeconds(30), 3, Duration.ofMinutes(2));

    CommandResult result =
        run(migration(patience, rest -> endUser()), "set lock_timeout = '200ms'; " + BLOCKED);

    assertThat(result.succeeded()).isTrue();
    assertThat(bed.lines).contains("      It gave way; try 2 of 3 in 1 s.");
  }

  @Test
  void letsAnIndexThatIsBuiltConcurrentlyWaitForOldSnapshots() {
    aUserHas(
        "set transaction isolation level repeatable read; select 1",
        "select count(*) from pg_stat_activity where backend_xmin is not null and query like '%pg_sleep(600)%'");
    Thread ender =
        new Thread(
            () -> {
              Polling.until(
                  () ->
                      bed.lines.stream()
                          .anyMatch(line -> line.matches(".*waits for \\d+ s for virtualxid.*")));
              endUser();
            });
    ender.start();

    CommandResult result =
        run(migration(patience(1), rest -> {}), "create index concurrently by_id on orders (id)");

    assertThat(result.succeeded()).isTrue();
    assertThat(bed.sql("select indisvalid from pg_index where indexrelid = 'by_id'::regclass"))
        .isEqualTo("t");
  }

  @Test
  void leavesNoSessionAndNoContainerWhenInterrupted() {
    Thread here = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              Polling.until(() -> !bed.foreignSessions().equals("0"));
              here.interrupt();
            });
    interrupter.start();

    SlipwayException failed =
        catchThrowableOfType(
            SlipwayException.class,
            () -> run(migration(patience(1), rest -> {}), "select pg_sleep(300)"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failed.what()).contains("interrupted");
    assertThat(containers()).isEmpty();
    assertThat(bed.foreignSessions()).isEqualTo("0");
  }

  @Test
  void leavesNoSessionAndNoContainerWhenItsTimeIsOverAndTellsWhatRan() {
    LockPatience patience = new LockPatience(Duration.ofSeconds(1), 1, Duration.ofSeconds(14));

    SlipwayException failed =
        catchThrowableOfType(
            SlipwayException.class,
            () -> run(migration(patience, rest -> {}), "select pg_sleep(300)"));

    assertThat(failed.what()).contains("did not end within");
    assertThat(bed.lines)
        .anyMatch(line -> line.matches(" +runs for 1\\d s: select pg_sleep\\(300\\)"));
    assertThat(containers()).isEmpty();
    assertThat(bed.foreignSessions()).isEqualTo("0");
  }

  @Test
  void endsWhatAnEarlierRunLeft() {
    bed.shell.run(
        ShellCommand.of("docker", "run", "-d", "--name", RUN, "--network", bed.network())
            .with(DatabaseBed.IMAGE, "psql", "postgresql://platform:made-up@database/platform")
            .with("-c", "begin; lock table orders; select pg_sleep(300)"),
        SHORT);
    Polling.until(() -> !bed.foreignSessions().equals("0"));

    assertThat(run(migration(patience(1), rest -> {}), BLOCKED).succeeded()).isTrue();
  }

  @Test
  void runsWithoutLooksWhereTheDatabaseIsElsewhere() {
    CommandResult result =
        migration(patience(1), rest -> {}).run(bed.client(RUN, BLOCKED), RUN, Optional.empty());

    assertThat(result.succeeded()).isTrue();
  }

  /** asyncpg reads neither PGOPTIONS nor anything else of libpq's by which it could be told. */
  @Test
  void givesWayWhateverTheDriverReads() {
    String image = "slipway-test-drivers:1";
    CommandResult built =
        bed.shell.run(
            ShellCommand.of("docker", "build", "--quiet", "--tag", image, "-")
                .withVariable("DOCKER_BUILDKIT", "0")
                .reading(
                    Secret.of(
                        "FROM python:3.11-slim\nRUN pip install --quiet asyncpg 'psycopg[binary]' psycopg2-binary\n")),
            Duration.ofMinutes(5));
    assertThat(built.succeeded()).as(built.tail(5)).isTrue();
    for (String program :
        List.of(
            "import asyncio, asyncpg\nasync def go():\n c = await asyncpg.connect(url)\n await c.execute(sql)\nasyncio.run(go())",
            "import psycopg\npsycopg.connect(url, autocommit=True).execute(sql)",
            "import psycopg2\nc = psycopg2.connect(url)\nc.cursor().execute(sql)\nc.commit()")) {
      freshTable();
      aUserReadsTheOrders();
      ShellCommand command =
          ShellCommand.of("docker", "run", "--rm", "--name", RUN, "--network", bed.network())
              .with(image, "python", "-c")
              .with(
                  "url='postgresql://platform:made-up@database/platform'\nsql='"
                      + BLOCKED
                      + "'\n"
                      + program);

      CommandResult result =
          migration(patience(5), rest -> endUser()).run(command, RUN, Optional.of(bed.container()));

      assertThat(result.succeeded()).as(program + "\n" + bed.lines).isTrue();
      assertThat(bed.lines).contains("      It gave way; try 2 of 5 in 1 s.");
    }
  }

  @Test
  void keepsOtherMigratorsAwayAndLetsIndexesBeBuilt() {
    MigrationLock lock = lock("/opt/first");
    lock.take(bed.container());

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> lock("/opt/second").take(bed.container()));
    bed.sql("create index concurrently by_id on orders (id);");
    lock.take(bed.container());
    lock.giveBack(bed.container());
    MigrationLock second = lock("/opt/second");
    second.take(bed.container());
    lock("/opt/second").take(bed.container());
    second.giveBack(bed.container());

    assertThat(refused.what())
        .matches(
            "Somebody else migrates this database: pid \\d+ \\(slipway migrates from /opt/first, user platform\\) since .*Z holds the"
                + " advisory lock 32488822435963257\\.");
    assertThat(bed.sql("select count(*) from pg_locks where locktype = 'advisory'")).isEqualTo("0");
  }

  private MigrationLock lock(String checkout) {
    WaitingClock clock = new WaitingClock();
    return new MigrationLock(bed.databaseShell, new DatabaseCommands(checkout), clock, clock);
  }
}
