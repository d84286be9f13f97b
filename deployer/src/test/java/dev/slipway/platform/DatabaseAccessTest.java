package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseAccessTest {

  @ParameterizedTest
  @CsvSource({
    "POSTGRES_DB, shop, slipway_1",
    "PGDATABASE, shop, slipway_1",
    "DB_NAME, shop, slipway_1",
    "DB__NAME, shop, slipway_1",
    "app_database__name, shop, slipway_1",
    "DATABASE_URL, postgresql+asyncpg://a:b@db:5432/shop?ssl=no, postgresql+asyncpg://a:b@db:5432/slipway_1?ssl=no",
    "POSTGRES_DB, other, other",
    "APP_NAME, shop, shop",
  })
  void namesAnotherDatabaseWhereTheBackendReadsItsName(String name, String value, String wanted) {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              postgres: {image: "postgres:15", environment: {POSTGRES_DB: shop}}
              backend: {image: "backend:1", environment: {%s: "%s"}}
            """
                .formatted(name, value),
            Map.of());
    DatabaseAccess access = DatabaseAccess.of(service(compose, "postgres"));

    assertThat(access.environment(service(compose, "backend"), "slipway_1"))
        .containsExactly(Map.entry(name, wanted));
  }

  private static ServiceSpec service(ComposeFile compose, String name) {
    return Objects.requireNonNull(compose.services().get(name));
  }
}
