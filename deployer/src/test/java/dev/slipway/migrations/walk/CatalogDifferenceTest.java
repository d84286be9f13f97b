package dev.slipway.migrations.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogDifferenceTest {

  private static final Revision REVISION =
      new Revision(
          "0004",
          List.of("0003"),
          1,
          "add order status",
          "migrations/versions/0004_add.py",
          List.of());

  @Test
  void namesWhatADowngradeLeavesAndHowToRemoveIt() {
    assertThat(after(Set.of(), Set.of(new SchemaObject("enum type", "", "order_status", "a, b"))))
        .containsExactly(
            "after `downgrade` of 0004 (add order status) the enum type order_status is still there; add"
                + " `sa.Enum(name='order_status').drop(op.get_bind())` to the downgrade() of 0004_add.py.");
  }

  @Test
  void namesWhatADowngradeTakesTooMuch() {
    assertThat(
            after(Set.of(new SchemaObject("index", "orders", "ix", "CREATE INDEX ix")), Set.of()))
        .containsExactly(
            "after `downgrade` of 0004 (add order status) the index ix on orders is gone, which was there before;"
                + " make it again in the downgrade() of 0004_add.py: `CREATE INDEX ix`.");
  }

  @Test
  void namesWhatIsOtherwiseThanBefore() {
    assertThat(
            after(
                Set.of(new SchemaObject("column", "orders", "placed_at", "timestamp")),
                Set.of(new SchemaObject("column", "orders", "placed_at", "date"))))
        .containsExactly(
            "after `downgrade` of 0004 (add order status) the column orders.placed_at is `date` and was `timestamp`;"
                + " change it back, by `op.alter_column(…)` or `ALTER TABLE … ALTER COLUMN` in the downgrade() of 0004_add.py.");
  }

  @Test
  void doesNotAskADowngradeForWhatPostgresqlCannotUndo() {
    SchemaObject valid = new SchemaObject("constraint", "orders", "paid", "CHECK (paid > 0)");
    SchemaObject notValid =
        new SchemaObject("constraint", "orders", "paid", "CHECK (paid > 0) NOT VALID");

    assertThat(after(Set.of(notValid), Set.of(valid))).isEmpty();
    assertThat(after(Set.of(valid), Set.of(notValid))).hasSize(1);
  }

  @Test
  void doesNotNameThePartsOfATableThatIsLeft() {
    SchemaObject table = new SchemaObject("table", "", "orders", "");
    SchemaObject column = new SchemaObject("column", "orders", "id", "integer");

    assertThat(after(Set.of(), Set.of(table, column)))
        .singleElement()
        .asString()
        .contains("the table orders is still there", "`op.drop_table('orders')`");
  }

  @Test
  void knowsHowEachKindIsRemoved() {
    assertThat(new SchemaObject("constraint", "a", "ck", "CHECK (b > 0)").removal())
        .isEqualTo("`op.drop_constraint('ck', 'a', type_='check')`");
    assertThat(new SchemaObject("trigger", "a", "t", "").removal())
        .isEqualTo("`op.execute('DROP TRIGGER t ON a')`");
    assertThat(new SchemaObject("function", "", "f(integer)", "").removal())
        .isEqualTo("`op.execute('DROP FUNCTION f(integer)')`");
    assertThat(new SchemaObject("table", "", "shop.\"Order\"", "").removal())
        .isEqualTo("`op.drop_table('Order', schema='shop')`");
    assertThat(new SchemaObject("column", "shop.a", "b", "").removal())
        .isEqualTo("`op.drop_column('a', 'b', schema='shop')`");
    assertThat(new SchemaObject("identity", "shop.a", "b", "").removal())
        .isEqualTo("`op.execute('ALTER TABLE shop.a ALTER COLUMN b DROP IDENTITY')`");
    assertThat(new SchemaObject("default privileges", "", "app in shop on S", "").removal())
        .isEqualTo(
            "`op.execute('ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA shop REVOKE ALL ON SEQUENCES FROM …')`");
    assertThat(new SchemaObject("default privileges", "", "app on r", "").removal())
        .contains("FOR ROLE app REVOKE ALL ON TABLES FROM …");
  }

  private static List<String> after(Set<SchemaObject> before, Set<SchemaObject> now) {
    return CatalogDifference.afterDowngrade(REVISION, Catalog.of(before), Catalog.of(now)).stream()
        .map(MigrationFinding::message)
        .toList();
  }

  @Test
  void saysThatATableHasNothingSpecialWhereItHasNot() {
    SchemaObject plain = new SchemaObject("table", "", "orders", "");
    SchemaObject secured = new SchemaObject("table", "", "orders", "row level security");

    assertThat(after(Set.of(plain), Set.of(secured)))
        .singleElement()
        .asString()
        .contains(
            "the table orders is `row level security` and was plain; change it back, as by `ALTER TABLE`");
  }

  @Test
  void namesNothingThatIsAsBefore() {
    SchemaObject id = new SchemaObject("column", "orders", "id", "integer");
    SchemaObject gone = new SchemaObject("column", "orders", "note", "text");
    SchemaObject left = new SchemaObject("column", "orders", "state", "text");

    assertThat(after(Set.of(id, gone), Set.of(id, left)))
        .hasSize(2)
        .noneMatch(message -> message.contains("orders.id"));
  }
}
