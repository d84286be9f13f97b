package dev.slipway.pipeline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestDatabasesTest {

  private static final String TABLE =
      "%s LOG:  statement: \n\tCREATE TABLE orders (\n\t\tid INTEGER NOT NULL\n\t)\n\t\n";
  private static final String UPDATE =
      "%s LOG:  execute <unnamed>: UPDATE alembic_version SET version_num='%s' WHERE alembic_version.version_num = '0010'\n";

  @Test
  void knowsADatabaseThatAlembicBroughtThere() {
    String log =
        "[unknown] LOG:  database system is ready to accept connections\n"
            + TABLE.formatted("shop_test")
            + UPDATE.formatted("shop_test", "0011")
            + UPDATE.formatted("shop_test", "0012");

    assertThat(read(log).migrated()).containsExactly("shop_test");
    assertThat(read(log).others()).isEmpty();
  }

  @Test
  void knowsTheFirstRevisionOfAnEmptyTable() {
    assertThat(
            read("shop_test LOG:  statement: INSERT INTO tests.alembic_version (version_num) VALUES ('0012') RETURNING tests.alembic_version.version_num\n")
                .migrated())
        .containsExactly("shop_test");
  }

  @Test
  void tellsADatabaseThatWasGivenTablesAndStayedBelow() {
    String log = TABLE.formatted("shop_test") + UPDATE.formatted("shop_test", "0011");

    assertThat(read(log).migrated()).isEmpty();
    assertThat(read(log).others()).containsExactly("shop_test");
  }

  @Test
  void ignoresOtherRowsAndTablesOfASession() {
    assertThat(
            read(
                """
                shop LOG:  statement: INSERT INTO products (sku) VALUES ('0012')
                shop LOG:  statement: CREATE TEMPORARY TABLE seen (id int)
                shop ERROR:  relation "alembic_version" does not exist
                """))
        .isEqualTo(read(""));
  }

  private static TestDatabases read(String log) {
    return TestDatabases.of(log, "0012");
  }
}
