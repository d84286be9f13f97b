package dev.slipway.effect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Secret;
import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** What a watch sees is what a complete look sees, after each statement that people write. */
@Tag("selftest")
@TestInstance(Lifecycle.PER_CLASS)
class CatalogWatchIT {

  /** Each is one change; each is seen by a complete look. */
  private static final String[] CHANGES = {
    "create schema shop",
    "comment on schema shop is 'where things are sold'",
    "create type mood as enum ('sad', 'happy')",
    "comment on type mood is 'how one feels'",
    "create type pair as (a int, b text)",
    "create domain email as text check (value ~ '@')",
    "create type span as range (subtype = int)",
    "create collation german (locale = 'C')",
    "create table tenant (id serial primary key, name text not null, mood mood, moods mood[], who"
        + " email, at timestamp)",
    "create table shop.\"Order\" (\"Id\" int generated always as identity, tenant_id int references"
        + " tenant, price numeric(4, 2) default 1)",
    "comment on table tenant is 'who pays'",
    "comment on column tenant.name is 'as printed'",
    "alter table tenant add column age int",
    "alter table tenant alter column age set not null",
    "alter table tenant alter column age set default 3",
    "alter table tenant alter column age drop default",
    "alter table tenant alter column age type bigint",
    "alter table tenant alter column name set storage external",
    "alter table tenant alter column name set statistics 500",
    "alter table tenant add constraint adult check (age > 17) not valid",
    "alter table tenant validate constraint adult",
    "comment on constraint adult on tenant is 'by law'",
    "create unique index concurrently by_name on tenant (lower(name))",
    "comment on index by_name is 'for the search'",
    "create unique index by_age on tenant (age)",
    "alter table tenant add constraint one_age unique using index by_age",
    "create view grown as select id, name, mood from tenant where age > 17",
    "create materialized view counted as select count(*) from tenant",
    "create function refuse() returns trigger language plpgsql as $$ begin return null; end $$",
    "create or replace function refuse() returns trigger language plpgsql as $$ begin return new;"
        + " end $$",
    "create procedure nothing() language sql as ''",
    "create aggregate total (int) (sfunc = int4pl, stype = int)",
    "create trigger refuse before insert on tenant for each row execute function refuse()",
    "alter table tenant disable trigger refuse",
    "alter trigger refuse on tenant rename to refuses",
    "create rule quiet as on delete to tenant do instead nothing",
    "alter table tenant enable row level security",
    "create policy mine on tenant using (true)",
    "alter policy mine on tenant using (id > 1)",
    "create statistics stats on age, id from tenant",
    "create table measured (day date not null, value float8) partition by range (day)",
    "create table measured_all partition of measured default",
    "alter table measured detach partition measured_all",
    "create table child () inherits (measured_all)",
    "grant select on tenant to public",
    "revoke execute on function refuse() from public",
    "alter default privileges in schema shop grant select on tables to public",
    "create publication news for table tenant",
    "create unlogged table quick (id int)",
    "alter table quick set logged",
    "alter table quick set (fillfactor = 70)",
    "alter table quick replica identity full",
    "alter table shop.\"Order\" disable trigger all",
    "alter table tenant enable trigger all",
    "alter table tenant owner to app",
    "alter view grown owner to app",
    "alter function refuse() owner to app",
    "alter type mood owner to app",
    "alter type pair owner to app",
    "alter schema shop owner to app",
    "create sequence numbers",
    "alter sequence numbers cache 50",
    "alter sequence numbers owner to app",
    "grant create on schema public to app",
    "comment on schema public is 'for all'",
    "refresh materialized view counted with no data",
    "alter table shop.\"Order\" alter \"Id\" set increment 5",
    "alter sequence shop.\"Order_Id_seq\" cache 9",
    "grant usage on sequence shop.\"Order_Id_seq\" to app",
    "create collation loose (provider = icu, locale = 'de')",
    "drop collation loose; create collation loose (provider = icu, locale = 'fr')",
    "drop collation loose; create collation loose (provider = icu, locale = 'fr', deterministic ="
        + " false)",
    "alter table tenant disable rule quiet",
    "create or replace aggregate total (int) (sfunc = int4mul, stype = int)",
    "alter publication news set (publish = 'insert, update, delete')",
    "alter publication news set (publish_via_partition_root)",
    "alter publication news set table tenant (id, name)",
    "alter publication news set table tenant where (id > 1)",
    "create publication papers",
    "alter publication papers add tables in schema shop",
    "alter publication papers drop tables in schema shop",
    "alter table tenant replica identity using index tenant_pkey",
    "alter table tenant cluster on tenant_pkey",
    "alter index tenant_pkey set (fillfactor = 60)",
    "comment on index tenant_pkey is 'for the finder'",
    "create text search dictionary plainly (template = simple)",
    "alter text search dictionary plainly (accept = false)",
    "create text search configuration words (copy = english)",
    "alter text search configuration words drop mapping for word",
    "create operator === (leftarg = text, rightarg = text, function = texteq)",
    "alter operator === (text, text) set (restrict = eqsel)",
    "create cast (text as mood) with inout",
    "create operator class by_int for type int using btree as operator 1 <, function 1 btint4cmp"
        + " (int, int)",
    "alter operator family by_int using btree add function 1 (int8, int8) btint8cmp (int8, int8)",
    "create conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
    "create access method tree type index handler bthandler",
    "create type half",
    "create foreign data wrapper elsewhere",
    "create server away foreign data wrapper elsewhere options (host 'a')",
    "alter server away options (set host 'b')",
    "create user mapping for app server away",
    "alter user mapping for app server away options (add password 'secret')",
    "create foreign table far (id int) server away options (a 'x')",
    "alter foreign table far options (set a 'y')",
    "alter server away rename to abroad",
    "grant select (id) on tenant to app",
    "grant select (id) on grown to app",
    "alter view grown alter column name set default 'nobody'",
    "comment on column grown.name is 'as told'",
    "alter table tenant alter name set (n_distinct = 5)",
    "alter table tenant alter name set compression pglz",
    "alter table tenant set (toast.autovacuum_enabled = off)",
    "revoke usage on type pair from public",
    "grant usage on type email to app",
    "alter domain email rename constraint email_check to has_at",
    "comment on constraint has_at on domain email is 'or it is none'",
    "comment on trigger refuses on tenant is 'never'",
    "comment on policy mine on tenant is 'not yours'",
    "comment on rule quiet on tenant is 'hush'",
    "comment on type pair is 'two'",
    "comment on column pair.a is 'one'",
    "comment on statistics stats is 'go together'",
    "comment on publication news is 'daily'",
    "alter table shop.\"Order\" rename column \"Id\" to id",
    "alter type mood add value 'calm' before 'happy'",
    "alter type mood rename value 'sad' to 'blue'",
    "alter type mood rename to feeling",
    "alter table tenant rename to client",
    "alter table client rename column name to title",
    "alter table client set schema shop",
    "alter schema shop rename to store",
    "alter sequence store.tenant_id_seq increment 5",
    "alter index store.by_name rename to by_title",
    "drop index store.by_title",
    "drop trigger refuses on store.client",
    "drop policy mine on store.client",
    "drop rule quiet on store.client",
    "drop statistics stats",
    "alter table store.client drop constraint adult",
    "alter domain email add constraint long check (length(value) > 5)",
    "alter type pair add attribute c int",
    "drop type feeling cascade",
    "drop sequence store.tenant_id_seq cascade",
    "drop materialized view counted",
    "drop table store.client cascade",
    "drop function refuse()",
    "create extension if not exists pg_trgm",
    "comment on extension pg_trgm is 'alike'",
    "create table alike (of gtrgm)",
    "alter extension pg_trgm set schema store",
    "drop extension pg_trgm cascade",
    "create function noted() returns event_trigger language plpgsql as $$ begin end $$",
    "drop schema store cascade"
  };

  /** What most revisions do, one way and the other. */
  private static final String[] PLAIN = {
    "create table customer (id serial primary key, name text)",
    "create table purchase (id int primary key, customer_id int references customer)",
    "alter table purchase add column amount int",
    "create index by_amount on purchase (amount)",
    "create type state as enum ('new', 'old')",
    "alter table purchase add column state state default 'new' not null",
    "alter table purchase add constraint positive check (amount > 0)",
    "insert into purchase values (1, null, 2)",
    "alter table purchase drop constraint positive",
    "alter table purchase drop column state",
    "drop type state",
    "drop index by_amount",
    "alter table purchase drop column amount",
    "drop table purchase",
    "create table purchase (id int primary key, customer_id int references customer)",
    "drop table customer cascade",
    "drop table purchase"
  };

  private final PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:15");
  private Database server;

  CatalogWatchIT() {
    postgres.start();
    server =
        new Database(
            postgres.getHost(),
            postgres.getMappedPort(5432),
            "postgres",
            postgres.getUsername(),
            Secret.of(postgres.getPassword()));
    try (DatabaseSession maintenance = server.open()) {
      maintenance.execute("create role app");
    }
  }

  @AfterAll
  void stop() {
    postgres.stop();
  }

  private DatabaseSession create(String name) {
    try (DatabaseSession maintenance = server.open()) {
      maintenance.execute("create database " + name);
    }
    return server.named(name).open();
  }

  @Test
  void seesThroughTheSessionThatChangesWhatACompleteLookSees() throws SQLException {
    SoftAssertions assertions = new SoftAssertions();
    int plain = 0;
    try (DatabaseSession session = create("asked");
        Connection writer = session.database().connect();
        Statement statement = writer.createStatement()) {
      CatalogWatch watch = session.watch();
      String first = DatabaseSession.strings(writer, watch.question(true)).get(0);
      assertThat(watch.look(first, false).versions()).isEmpty();
      statement.execute("create schema shops");
      watch.look();
      statement.execute("create table shops.\"Version\" (version_num text primary key)");
      statement.execute("insert into shops.\"Version\" values ('a1b2')");
      statement.execute("create table first (id int)");
      String second = DatabaseSession.strings(writer, watch.question(true)).get(0);
      assertThat(CatalogNotes.read(second).plain()).isTrue();
      assertThat(watch.look(second, false).versions()).containsExactly("a1b2");
      for (String change : CHANGES) {
        statement.execute(change);
        String answer = DatabaseSession.strings(writer, watch.question(true)).get(0);
        plain += CatalogNotes.read(answer).plain() ? 1 : 0;
        Look seen = watch.look(answer, false);
        assertThat(seen.versions()).containsExactly("a1b2");
        assertions
            .assertThat(difference(seen.catalog(), CatalogReader.all(writer)))
            .as(change)
            .isEmpty();
      }
      assertions.assertThat(watch.missedSomething()).isFalse();
      assertions.assertThat(watch.sawEverything()).isTrue();
    }
    assertions.assertThat(plain).as("changes after which alembic need not wait").isGreaterThan(25);
    assertions.assertAll();
  }

  @Test
  void seesWhatIsDroppedAndMadeInATurnWithoutAnotherQuestion() throws SQLException {
    try (DatabaseSession session = create("plain");
        Connection writer = session.database().connect();
        Statement statement = writer.createStatement()) {
      statement.execute("create table alembic_version (version_num text)");
      CatalogWatch watch = session.watch();
      watch.look();
      for (String change : PLAIN) {
        statement.execute(change);
        String answer = DatabaseSession.strings(writer, watch.question(false)).get(0);
        assertThat(CatalogNotes.read(answer).plain()).as(change).isTrue();
        assertThat(difference(watch.look(answer, false).catalog(), CatalogReader.all(writer)))
            .as(change)
            .isEmpty();
      }
      assertThat(watch.sawEverything()).isTrue();
    }
  }

  @Test
  void knowsWhatItCouldNotAskForInTime() throws SQLException {
    try (DatabaseSession session = create("late");
        Connection writer = session.database().connect();
        Statement statement = writer.createStatement()) {
      statement.execute("create table alembic_version (version_num text)");
      statement.execute("create table old (id int)");
      statement.execute("create view seen as select id from old");
      CatalogWatch watch = session.watch();
      watch.look();
      statement.execute("alter table old rename to new");
      String answer = DatabaseSession.strings(writer, watch.question(false)).get(0);

      watch.look(answer.replace("\"plain\" : false", "\"plain\" : true"), false);

      assertThat(watch.missedSomething()).isTrue();
      assertThat(watch.sawEverything()).isFalse();
    }
  }

  @Test
  void isNotToldByASessionWhatThatHasNotCommitted() throws SQLException {
    try (DatabaseSession session = create("uncommitted");
        Connection writer = session.database().connect();
        Statement statement = writer.createStatement()) {
      statement.execute("create table alembic_version (version_num text)");
      CatalogWatch watch = session.watch();
      watch.look();
      writer.setAutoCommit(false);
      statement.execute("create table half (id int)");

      assertThatThrownBy(() -> DatabaseSession.strings(writer, watch.question(true)))
          .hasMessageContaining("not committed");
    }
  }

  @Test
  void seesAfterEachChangeWhatACompleteLookSees() {
    SoftAssertions assertions = new SoftAssertions();
    try (DatabaseSession session = create("watched");
        DatabaseSession writer = session.database().open()) {
      CatalogWatch watch = session.watch();
      Catalog before = watch.look().catalog();
      assertThat(before.objects()).extracting(SchemaObject::name).containsExactly("public");
      for (String change : CHANGES) {
        writer.execute(change);
        Catalog seen = watch.look().catalog();
        Catalog complete = writer.catalog();
        assertions.assertThat(difference(seen, complete)).as(change).isEmpty();
        assertions
            .assertThat(complete.equals(before))
            .as("a complete look sees what `%s` changes", change)
            .isFalse();
        before = seen;
      }
      assertions.assertThat(watch.sawEverything()).isTrue();
    }
    assertions.assertAll();
  }

  private static Set<SchemaObject> difference(Catalog seen, Catalog complete) {
    Set<SchemaObject> difference = new HashSet<>(complete.objects());
    difference.removeAll(seen.objects());
    seen.objects().stream()
        .filter(object -> !complete.objects().contains(object))
        .forEach(difference::add);
    return difference;
  }

  @Test
  void tellsEachObjectWithItsDefinition() {
    try (DatabaseSession session = create("told")) {
      session.execute("create type mood as enum ('sad', 'happy')");
      session.execute(
          "create table t (id int primary key, m mood not null default 'sad', n int check (n >"
              + " 0))");
      session.execute("create index broken on t (n)");
      session.execute(
          "update pg_index set indisvalid = false where indexrelid = 'broken'::regclass");

      assertThat(session.catalog().objects())
          .contains(
              new SchemaObject("enum type", "", "mood", "sad, happy"),
              new SchemaObject("column", "t", "m", "mood not null default 'sad'::mood"),
              new SchemaObject("constraint", "t", "t_pkey", "PRIMARY KEY (id)"),
              new SchemaObject(
                  "index",
                  "t",
                  "broken",
                  "CREATE INDEX broken ON public.t USING btree (n) INVALID"));
    }
  }

  @Test
  void doesNotMindInWhichOrderOptionsAndGrantsWereGiven() {
    try (DatabaseSession session = create("ordered")) {
      session.execute("create role other");
      session.execute(
          "create table t (id int) with (fillfactor = 70, autovacuum_enabled = off);"
              + " grant select (id) on t to app; grant select (id) on t to other");
      Catalog before = session.catalog();
      session.execute(
          "alter table t reset (fillfactor); alter table t set (fillfactor = 70);"
              + " revoke select (id) on t from app; grant select (id) on t to app");

      assertThat(session.catalog()).isEqualTo(before);
    }
  }

  @Test
  void tellsNoSecretOfAUserMapping() {
    try (DatabaseSession session = create("mapped")) {
      session.execute("create foreign data wrapper w; create server s foreign data wrapper w");
      session.execute("create user mapping for app server s options (user 'u', password 'secret')");

      assertThat(session.catalog().objects())
          .contains(
              new SchemaObject("user mapping", "", "for app server s", "options password, user"));
    }
  }

  @Test
  void tellsAnOwnerOnlyWhereThatIsAnother() {
    try (DatabaseSession session = create("owned")) {
      session.execute("create table mine (); create table theirs ()");
      session.execute("alter table theirs owner to app");

      assertThat(session.catalog().objects())
          .contains(
              new SchemaObject("table", "", "mine", ""),
              new SchemaObject("table", "", "theirs", "owner app"));
    }
  }

  @Test
  void seesWhatASessionChangesThatSwitchesTriggersOff() {
    try (DatabaseSession session = create("replica")) {
      session.execute("create table orders (id int)");
      CatalogWatch watch = session.watch();
      session.execute("set session_replication_role = replica");
      session.execute("alter table orders add column note text");
      assertThat(watch.look().catalog()).isEqualTo(session.catalog());
      session.execute("alter table orders drop column note");
      assertThat(watch.look().catalog()).isEqualTo(session.catalog());
      assertThat(watch.sawEverything()).isTrue();
    }
  }

  @Test
  void knowsThatItMissedWhatNoEventTriggerIsToldOf() {
    try (DatabaseSession session = create("missed")) {
      session.execute(
          "create function noted() returns event_trigger language plpgsql as $$ begin end $$");
      CatalogWatch watch = session.watch();
      Catalog seen = watch.look().catalog();
      session.execute("create event trigger noting on sql_drop execute function noted()");

      assertThat(watch.look().catalog()).isEqualTo(seen);
      assertThat(watch.sawEverything()).isFalse();
      assertThat(watch.look().catalog()).isNotEqualTo(seen);
    }
  }

  @Test
  void knowsThatItMissedAnIdentitysSequence() {
    try (DatabaseSession session = create("identity")) {
      session.execute("create table orders (id int generated by default as identity)");
      CatalogWatch watch = session.watch();
      session.execute("alter table orders alter id drop identity");
      session.execute("alter table orders alter id add generated by default as identity");
      watch.look();

      assertThat(watch.sawEverything()).isFalse();
      assertThat(watch.sawEverything()).isTrue();
    }
  }

  @Test
  void saysHowTheConstraintOfADomainIsValidated() {
    try (DatabaseSession session = create("domain")) {
      session.execute("create domain positive as int");
      session.execute("alter domain positive add constraint above check (value > 0) not valid");

      assertThat(session.unfinished())
          .singleElement()
          .satisfies(
              work ->
                  assertThat(work.sentence())
                      .contains("ALTER DOMAIN positive VALIDATE CONSTRAINT above"));
    }
  }
}
