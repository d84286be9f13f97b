package dev.slipway.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import org.junit.jupiter.api.Test;

class RevisionSourceTest {

  private static final String TEXT =
      """
      # orders
      def upgrade(
      ) -> None:
          op.add_column("orders", x)
          op.create_index("ix_orders_status", "orders", ["status"])

      def downgrade() -> None:
          op.drop_column("orders", "status")
      """;

  private static int line(String text, Rule rule, String object) {
    return new RevisionSource("versions/a.py", text)
        .line(new MigrationFinding(rule, "a", object, "wrong"));
  }

  @Test
  void isWhereTheFunctionAtFaultNamesTheObject() {
    assertThat(line(TEXT, Rule.NOT_RETRYABLE, "index public.\"ix_orders_status\"")).isEqualTo(5);
    assertThat(line(TEXT, Rule.NOT_RESTORED, "table orders")).isEqualTo(8);
  }

  @Test
  void isWhereTheFunctionBeginsWhenNothingIsNamed() {
    assertThat(line(TEXT, Rule.UPGRADE_FAILS, "")).isEqualTo(2);
    assertThat(line(TEXT, Rule.LEFT_BEHIND, "enum type order_status")).isEqualTo(7);
  }

  @Test
  void isTheFirstLineWithoutAFunction() {
    assertThat(line("", Rule.UPGRADE_FAILS, "orders")).isEqualTo(1);
    assertThat(line("upgrade = other.upgrade\n", Rule.UPGRADE_FAILS, "")).isEqualTo(1);
  }
}
