package dev.slipway.migrations.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeWayTest {

  @Test
  void givesAColumnThatIsGeneratedNoSequence() {
    assertThat(
            SafeWay.of(
                "ALTER TABLE accounts ADD COLUMN email_lower TEXT GENERATED ALWAYS AS (lower(email)) STORED"))
        .isEqualTo(SafeWay.NEW_GENERATED);
    assertThat(
            SafeWay.of("ALTER TABLE accounts ADD COLUMN id INTEGER GENERATED ALWAYS AS IDENTITY"))
        .isEqualTo(SafeWay.NEW_SERIAL);
    assertThat(SafeWay.of("ALTER TABLE accounts ADD COLUMN id BIGSERIAL NOT NULL"))
        .isEqualTo(SafeWay.NEW_SERIAL);
    assertThat(SafeWay.NEW_GENERATED.advice()).doesNotContain("sequence");
  }
}
