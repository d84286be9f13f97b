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

  @Test
  void readsTheAllowedTextsFromAConstraint() {
    assertThat(allowed("CHECK (((kind)::text = 'CODE'::text))")).containsExactly("CODE");
    assertThat(allowed("CHECK ((kind = ANY (ARRAY['a'::text, 'it''s'::text])))"))
        .containsExactly("a", "it's");
    assertThat(
            allowed(
                "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))"))
        .containsExactly("a", "b");
    assertThat(allowed("CHECK (((other = 'x'::text) OR (length(kind) > 3)))")).isEmpty();
  }

  private static List<String> allowed(String definition) {
    return new CheckRule("ck", List.of("kind"), definition).allowed("kind");
  }

  private static Column column(String base, String category, int modifier) {
    return new Column("c", base, base, category, modifier, false, true, false, false, List.of());
  }
}
