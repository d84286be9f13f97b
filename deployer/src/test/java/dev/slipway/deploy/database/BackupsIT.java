package dev.slipway.deploy.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.SlipwayException;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.Polling;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.BackupSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real database, good ones and those that a proof must not let pass. */
@Tag("selftest")
@TestInstance(Lifecycle.PER_CLASS)
class BackupsIT {

  private static final String RELEASE = "a".repeat(40);
  private static final NeededBackups NONE = new NeededBackups(Set.of(), Set.of());

  /** All that a dump brings back, and some of what it does not or writes otherwise. */
  private static final String SCHEMA =
      """
      create role reader; create role "an owner" login;
      create schema shop authorization "an owner";
      create type mood as enum ('sad', 'happy');
      create domain email as text check (value ~ '@');
      create table customers (id int generated always as identity primary key, name varchar(80) not null,
        mood mood default 'sad', who email, tags varchar(9)[] default '{}',
        state varchar(9) check (state in ('new', 'old')));
      create table shop."Order ""1"" %" (id serial primary key, customer_id int references customers on delete cascade,
        total numeric(9, 2) generated always as (1 + 1) stored);
      create table parted (at date not null, n int) partition by range (at);
      create table parted_2026 partition of parted for values from ('2026-01-01') to ('2027-01-01');
      create index on parted (n);
      create unique index by_name on customers (lower(name), state) where state = 'new';
      create view grown as select id, name from customers where state in ('new', 'old');
      create materialized view stale as select count(*) from customers;
      create unlogged table scratch (id int);
      create function refuse() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger refuse before insert on customers for each row execute function refuse();
      alter table customers enable row level security;
      create policy everybody on customers using (true);
      grant select on customers to reader; grant insert, select on shop."Order ""1"" %" to public;
      alter table customers add constraint later check (id > 0) not valid;
      create schema meta; create table meta.shop_versions (version_num varchar(32) primary key);
      insert into meta.shop_versions values ('0011');
      insert into customers (name, state) select 'n' || n, 'new' from generate_series(1, 5000) n;
      insert into parted select '2026-05-01', n from generate_series(1, 100) n;
      select lo_create(4711);
      create table twice (a int); insert into twice values (1), (1);
      """;

  private DatabaseBed bed;
  private Path checkout;

  @BeforeAll
  void start(@TempDir Path folder) {
    checkout = folder;
    bed = new DatabaseBed(folder);
    bed.sql(SCHEMA);
    bed.shell.run(bed.commands.prepare(), Duration.ofMinutes(1));
    // An index that could not be built stays, is invalid, and is in no dump.
    bed.shell.run(
        bed.commands.execute(
            bed.container(), "platform", "create unique index concurrently broken on twice (a);"),
        Duration.ofMinutes(1));
  }

  @AfterAll
  void stop() {
    bed.close();
  }

  @AfterEach
  void nothingUnfinishedIsLeft() throws IOException {
    assertThat(proofs()).isEmpty();
    try (Stream<Path> files = Files.list(checkout.resolve(".slipway/backups"))) {
      assertThat(files.map(Path::toString).toList()).noneMatch(name -> name.contains(".part"));
    }
    assertThat(
            bed.sql(
                "select count(*) from pg_stat_activity where application_name = 'slipway-backup'"))
        .isEqualTo("0");
  }

  private String proofs() {
    return bed.shell
        .run(
            ShellCommand.of(
                "docker", "ps", "-aq", "--filter", "label=dev.slipway.proof=" + checkout),
            Duration.ofMinutes(1))
        .standardOutput();
  }

  private Backups backups(BackupSettings settings) {
    return new Backups(bed.databaseShell, bed.commands, settings, bed.log, bed.clock);
  }

  private String take(Mode mode) {
    Backups backups = backups(BackupSettings.DEFAULT);
    return backups
        .take(backups.database(bed.state()), RELEASE, Optional.of("0011"), mode, NONE)
        .orElseThrow();
  }

  private SlipwayException refusal(Mode mode) {
    List<BackupFile> before = backups(BackupSettings.DEFAULT).folder().list(false);
    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> take(mode));
    assertThat(refused).as("a backup that must not pass").isNotNull();
    assertThat(backups(BackupSettings.DEFAULT).folder().list(false)).isEqualTo(before);
    return refused;
  }

  @Test
  void takesABackupThatComesBackAsItWas() throws IOException {
    String name = take(Mode.RESTORE);

    Path file = checkout.resolve(".slipway/backups").resolve(name);
    assertThat(name).matches("\\d{8}T\\d{6}Z-aaaaaaaaaaaa-0011\\.dump");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(Path.of(file + ".facts")))
        .contains("fact rows public.customers 5000\n", "fact revision 0011\n", "proof restore\n")
        .contains("fact large objects 1\n", "right public.customers reader=r/platform")
        .doesNotContain("broken");
    assertThat(backups(BackupSettings.DEFAULT).folder().list(true))
        .filteredOn(found -> found.name().equals(name))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.checksum()).isEqualTo(BackupFile.Checksum.GOOD);
              assertThat(found.tables()).isEqualTo(6);
              assertThat(found.revision()).contains("0011");
            });
  }

  @Test
  void findsTheVersionTableWhateverItIsCalled() {
    assertThat(
            bed.shell
                .run(
                    new HostCommands(checkout.toString()).schemaRevision(bed.container()),
                    Duration.ofMinutes(1))
                .standardOutput())
        .isEqualTo("0011\n");
  }

  @Test
  void takesTheNewestOfASchemaAndNoFileOfSomebodyElse() throws IOException {
    String name = take(Mode.READ);
    Path other = checkout.resolve(".slipway/backups/manual.dump");
    Files.writeString(other, "by hand");
    try {
      BackupFolder folder = backups(BackupSettings.DEFAULT).folder();
      assertThat(folder.newestOf("0011")).map(BackupFile::name).contains(name);
      assertThat(folder.newestOf("0012")).isEmpty();
      assertThat(folder.choose("latest").name()).isEqualTo(name);
    } finally {
      Files.delete(other);
    }
  }

  @Test
  void takesNoBackupThatARestoreHasTakenForTheLatest() {
    String name = take(Mode.READ);
    Backups backups = backups(BackupSettings.DEFAULT);
    String before =
        backups
            .takeBeforeRestore(
                backups.database(bed.state()), RELEASE, Optional.of("0012"), Mode.READ, NONE)
            .orElseThrow();
    try {
      assertThat(backups.folder().choose("latest").name()).isEqualTo(name);
      assertThat(backups.folder().choose(before).beforeRestore()).isTrue();
      assertThat(backups.folder().choose(name).beforeRestore()).isFalse();
    } finally {
      bed.shell.run(bed.commands.remove(before), Duration.ofMinutes(1));
    }
  }

  @Test
  void keepsWhatWasReplacedInThePlaceOfWhatWasKeptBefore() {
    LiveDatabase live = backups(BackupSettings.DEFAULT).database(bed.state());
    LiveDatabase shop =
        new LiveDatabase(live.container(), live.image(), live.user(), "a \"shop\"", 0, 0, "");
    DatabaseSwap swap = new DatabaseSwap(bed.databaseShell, bed.commands);
    for (String name : List.of("a \"shop\"", "shop_restored", "shop_replaced")) {
      bed.sql("create database \"" + name.replace("\"", "\"\"") + "\"");
    }

    swap.exchange(shop, "shop_restored", "shop_replaced_1");
    assertThat(swap.hasExchanged(shop, "shop_restored")).isTrue();
    assertThat(swap.names(shop)).contains("a \"shop\"", "shop_replaced", "shop_replaced_1");
    String kept = oid("shop_replaced_1");
    swap.rename(shop, "shop_replaced_1", "shop_replaced");

    assertThat(swap.names(shop)).doesNotContain("shop_replaced_1", "shop_restored");
    assertThat(oid("shop_replaced")).isEqualTo(kept);
    bed.sql("drop database shop_replaced");
    bed.sql("drop database \"a \"\"shop\"\"\"");
  }

  private String oid(String database) {
    return bed.sql("select oid from pg_database where datname = '" + database + "'");
  }

  @Test
  void noticesABackupThatChangedOnTheDisk() throws IOException {
    String name = take(Mode.READ);
    Path file = checkout.resolve(".slipway/backups").resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThat(backups(BackupSettings.DEFAULT).folder().list(true))
        .filteredOn(found -> found.name().equals(name))
        .extracting(BackupFile::checksum)
        .containsExactly(BackupFile.Checksum.BAD);
    Files.delete(file);
  }

  @Test
  void takesWhatOneMomentSawWhileOthersWrite() throws InterruptedException {
    bed.sql("create table written (n int)");
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    Thread writer =
        new Thread(
            () -> {
              while (!enough.get()) {
                bed.sql("insert into written values (1)");
                written.incrementAndGet();
              }
            });
    writer.start();

    String name = take(Mode.RESTORE);
    enough.set(true);
    writer.join();

    assertThat(name).isNotEmpty();
    assertThat(written.get()).isGreaterThan(5);
    assertThat(bed.sql("select count(*) from written")).isEqualTo(String.valueOf(written.get()));
  }

  @Test
  void noticesADumpThatLacksItsEnd() {
    bed.replace("pg_dump", "\"$real\" \"$@\" | head -c 20000");
    try {
      assertThat(refusal(Mode.RESTORE).what()).startsWith("The backup cannot be restored: ");
      assertThat(refusal(Mode.READ).what()).startsWith("The backup cannot be read to its end: ");
    } finally {
      bed.putBack("pg_dump");
    }
  }

  @Test
  void noticesADumpThatLacksRows() {
    bed.replace("pg_dump", "exec \"$real\" --exclude-table-data=customers \"$@\"");
    try {
      assertThat(refusal(Mode.RESTORE).what())
          .isEqualTo(
              "The backup does not bring back what the database has: the database has"
                  + " `rows public.customers 5000`; the copy has `rows public.customers 0`.");
    } finally {
      bed.putBack("pg_dump");
    }
  }

  @Test
  void noticesADumpThatLacksRights() {
    bed.replace("pg_dump", "exec \"$real\" --no-privileges \"$@\"");
    try {
      assertThat(refusal(Mode.RESTORE).what())
          .contains("the database has `right public.customers reader=r/platform`");
    } finally {
      bed.putBack("pg_dump");
    }
  }

  @Test
  void takesTheNameOfADatabaseForNothingElse() {
    String name = "host=elsewhere user='x' \\ \"y\" :z";
    String backup = bed.commands.path(take(Mode.READ));
    bed.sql("create database \"" + name.replace("\"", "\"\"") + "\"");

    bed.databaseShell.require(
        bed.commands.restoreInto(bed.container(), backup, name), "Not restored", "");

    assertThat(
            bed.databaseShell
                .require(
                    bed.commands.execute(
                        bed.container(),
                        name,
                        "select current_database(), count(*) from customers"),
                    "Not asked",
                    "")
                .standardOutput())
        .isEqualTo(name + "|5000\n");
    bed.databaseShell.require(bed.commands.drop(bed.container(), name), "Not dropped", "");
    assertThat(bed.sql("select count(*) from pg_database where datname like 'host=%'"))
        .isEqualTo("0");
  }

  @Test
  void saysWhyADumpFailed() {
    bed.replace("pg_dump", "echo 'pg_dump: error: the disk is on fire' >&2; echo half; exit 1");
    try {
      assertThat(refusal(Mode.RESTORE).what())
          .isEqualTo("pg_dump failed: pg_dump: error: the disk is on fire.");
    } finally {
      bed.putBack("pg_dump");
    }
  }

  @Test
  void refusesADatabaseAboveTheLimitAndNamesTheChoices() {
    Backups backups = backups(new BackupSettings(Mode.RESTORE, 5, 1024 * 1024));
    LiveDatabase database = backups.database(bed.state());

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> backups.take(database, RELEASE, Optional.empty(), Mode.RESTORE, NONE));

    assertThat(refused.what()).contains("more than backup.limit (1.0 MiB)");
    assertThat(refused.advice()).contains("backup.mode: read", "backup.mode: none");
  }

  @Test
  void letsTheOldestGoButNotOneThatIsNeeded() throws IOException {
    Path folder = Files.createDirectories(checkout.resolve(".slipway/backups"));
    for (String old : List.of("1", "2", "3")) {
      String name = "2020010" + old + "T000000Z-" + old.repeat(12) + "-0001.dump";
      for (String suffix : List.of("", ".sha256", ".facts")) {
        Files.writeString(folder.resolve(name + suffix), "");
      }
    }
    String needed = "20200101T000000Z-111111111111-0001.dump";
    Backups backups = backups(new BackupSettings(Mode.READ, 1, 1L << 40));

    String name =
        backups
            .take(
                backups.database(bed.state()),
                RELEASE,
                Optional.empty(),
                Mode.READ,
                NONE.and(needed))
            .orElseThrow();

    assertThat(backups.folder().list(false))
        .extracting(BackupFile::name)
        .containsExactly(needed, name);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(6);
    }
    Files.delete(folder.resolve(needed));
  }

  @Test
  void leavesNothingBehindWhenItIsInterrupted() {
    Thread blocked =
        bed.holding("slipway-it-lock", "lock table customers in access exclusive mode");
    try {
      Polling.until(
          () ->
              bed.sql(
                      "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 'customers'::regclass")
                  .equals("1"));
      Thread here = Thread.currentThread();
      Thread interrupter =
          new Thread(
              () -> {
                Polling.until(
                    () ->
                        bed.sql(
                                "select count(*) from pg_stat_activity where application_name = 'slipway-backup' and wait_event_type = 'Lock'")
                            .equals("1"));
                here.interrupt();
              });
      interrupter.start();

      SlipwayException interrupted =
          catchThrowableOfType(SlipwayException.class, () -> take(Mode.RESTORE));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(interrupted.what()).contains("interrupted");
    } finally {
      bed.shell.run(
          ShellCommand.of("docker", "rm", "-fv", "slipway-it-lock"), Duration.ofMinutes(1));
      bed.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where client_addr is not null");
    }
    assertThat(blocked).isNotNull();
  }
}
