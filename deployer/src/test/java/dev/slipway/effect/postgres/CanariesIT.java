package dev.slipway.effect.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Canaries feel what users would, and are not felt themselves. */
@Tag("selftest")
class CanariesIT {

  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");
  private static final double HELD = 400;
  private static final String ROWS =
      "select md5(string_agg(t::text || t.ctid || t.xmin, ',' order by ctid)) from orders t";

  private static Database database;

  @BeforeAll
  static void start() {
    POSTGRES.start();
    database =
        new Database(
            POSTGRES.getHost(),
            POSTGRES.getFirstMappedPort(),
            POSTGRES.getDatabaseName(),
            POSTGRES.getUsername(),
            Secret.of(POSTGRES.getPassword()));
  }

  @AfterAll
  static void stop() {
    POSTGRES.stop();
  }

  @BeforeEach
  void makeTables() {
    try (DatabaseSession session = database.open()) {
      session.execute("drop schema public cascade; create schema public");
      session.execute(
          "create table customers (id int generated always as identity primary key, name text);"
              + "insert into customers (name) select 'c' from generate_series(1, 50);"
              + "create table orders (id int primary key, customer_id int references customers);"
              + "insert into orders select n, n from generate_series(1, 50) n;"
              + "create materialized view totals as select count(*) from orders");
    }
  }

  @Test
  void feelWhoeverKeepsWritersOut() {
    assertFelt(during("lock table orders in share mode"), "writes to orders");
  }

  @Test
  void feelWhoeverKeepsEverybodyOut() {
    assertFelt(
        during("lock table orders in access exclusive mode"),
        "reads of orders",
        "writes to orders");
    assertFelt(during("refresh materialized view totals"), "reads of totals");
  }

  @Test
  void feelWhoeverHoldsTheRows() {
    assertFelt(during("update customers set name = 'd'"), "writes to customers");
  }

  @Test
  void doNotFeelAReferenceThatOnlyKeepsItsRowThere() {
    assertThat(during("insert into orders values (99, 1)")).isEmpty();
  }

  @Test
  void leaveNothingBehindAndAreInNobodysWay() {
    try (DatabaseSession session = database.open()) {
      String before = session.text(ROWS);
      Canaries canaries = Canaries.of(database, session.tables().values());
      for (int i = 0; i < 20; i++) {
        session.execute("alter table orders add column more int, drop column if exists less");
        session.execute("alter table orders add column less int, drop column more");
      }
      session.execute("alter table orders drop column less");

      canaries.home();
      assertThat(session.text(ROWS)).isEqualTo(before);
      assertThat(
              session.text(
                  "select count(*) from pg_stat_activity where backend_type = 'client backend'"))
          .isEqualTo("1");
    }
  }

  @Test
  void goOnWhenATableIsTakenAwayUnderThem() {
    assertFelt(
        during("drop table orders cascade"),
        "reads of orders",
        "writes to orders",
        "reads of totals",
        "reads of customers",
        "writes to customers");
  }

  @Test
  void shareAFewConnectionsHoweverManyTablesThereAre() {
    try (DatabaseSession session = database.open()) {
      session.execute(
          "do $$ begin for n in 1..60 loop execute format('create table t%s (id int)', n); end loop; end $$");
      Canaries canaries = Canaries.of(database, session.tables().values());
      String connections =
          session.text(
              "select count(*) from pg_stat_activity where backend_type = 'client backend'");
      session.execute(
          "begin; lock table t59 in access exclusive mode; select pg_sleep(0.8); commit");

      assertThat(kinds(canaries.home())).contains("reads of t59", "writes to t59");
      assertThat(Integer.parseInt(connections)).isLessThanOrEqualTo(5);
    }
  }

  private static List<LockWait> during(String statement) {
    try (DatabaseSession session = database.open()) {
      Canaries canaries = Canaries.of(database, session.tables().values());
      session.execute("begin; " + statement + "; select pg_sleep(0.4); commit");
      return canaries.home();
    }
  }

  private static void assertFelt(List<LockWait> waits, String... kinds) {
    assertThat(kinds(waits)).containsExactlyInAnyOrder(kinds);
    assertThat(waits)
        .allSatisfy(wait -> assertThat(wait.until() - wait.from()).isBetween(HELD / 2, HELD * 2));
  }

  private static Set<String> kinds(List<LockWait> waits) {
    return waits.stream()
        .map(wait -> (wait.writing() ? "writes to " : "reads of ") + wait.table())
        .collect(Collectors.toSet());
  }
}
