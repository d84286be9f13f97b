package dev.slipway.effect.postgres.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ValueSourceTest {

  @Test
  void staysWithinLengthAndPrecision() {
    assertThat(ValueSource.candidates(column("varchar", "S", 4 + 3), 1234))
        .isNotEmpty()
        .allMatch(value -> value.length() <= 3);
    assertThat(ValueSource.candidates(column("numeric", "N", (4 << 16 | 2) + 4), 1234).get(0))
        .isEqualTo("34.25");
    assertThat(ValueSource.candidates(column("bit", "V", 4), 5).get(0)).isEqualTo("0101");
  }

  @Test
  void givesEveryRowAnotherValueAndEveryRunTheSame() {
    Column text = column("text", "S", -1);

    assertThat(ValueSource.candidates(text, 1).get(0))
        .isNotEqualTo(ValueSource.candidates(text, 2).get(0));
    assertThat(ValueSource.candidates(text, 1)).isEqualTo(ValueSource.candidates(text, 1));
  }

  @Test
  void readsSuggestionsFromAConstraint() {
    CheckRule check =
        new CheckRule("ck", List.of("kind"), "CHECK (kind = 'e''mail' OR level2 >= 18)");

    assertThat(check.suggestions()).containsExactly("e'mail", "18", "19", "17");
  }

  private static Column column(String base, String category, int modifier) {
    return new Column("c", base, base, category, modifier, false, true, false, false, List.of());
  }
}
