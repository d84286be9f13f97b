package dev.slipway.migrations.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConcurrentIndexTest {

  @Test
  void namesAnIndexAsTheCatalogDoes() {
    assertThat(ConcurrentIndex.name("CREATE INDEX CONCURRENTLY ix_Orders ON orders (customer_id)"))
        .hasValue("ix_orders");
    assertThat(
            ConcurrentIndex.name(
                "\ncreate unique index\n concurrently if not exists \"ix \"\"of\"\" Orders\" on shop.orders (id)"))
        .hasValue("ix \"of\" Orders");
  }

  @Test
  void knowsNoneOfOtherStatements() {
    assertThat(ConcurrentIndex.name("CREATE INDEX IF NOT EXISTS ix ON orders (id)")).isEmpty();
    assertThat(ConcurrentIndex.name("CREATE INDEX CONCURRENTLY ON orders (id)")).isEmpty();
    assertThat(ConcurrentIndex.name("DROP INDEX CONCURRENTLY IF EXISTS ix")).isEmpty();
    assertThat(ConcurrentIndex.name("REINDEX INDEX CONCURRENTLY ix")).isEmpty();
  }
}
