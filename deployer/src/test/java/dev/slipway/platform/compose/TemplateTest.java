package dev.slipway.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("SET", "s", "EMPTY", "", "a1", "x");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain                 | plain",
        "$SET-x                | s-x",
        "$SET.$a1              | s.x",
        "${SET}x               | sx",
        "$UNSET.               | .",
        "${SET:-d}             | s",
        "${EMPTY:-d}           | d",
        "${EMPTY-d}.           | .",
        "${UNSET:-d}           | d",
        "${UNSET-d}            | d",
        "${UNSET:-}.           | .",
        "${SET:?m}             | s",
        "${UNSET:?m}.          | .",
        "${SET?m}              | s",
        "${SET:+r}             | r",
        "${EMPTY:+r}.          | .",
        "${EMPTY+r}            | r",
        "${UNSET+r}.           | .",
        "$$SET                 | $SET",
        "$${SET}               | ${SET}",
        "$$$SET                | $s",
        "${UNSET:-${SET}}      | s",
        "${UNSET:-a${X:-b$$}c} | ab$c",
        "${UNSET:-{\"a\":1}    | {\"a\":1",
        "${UNSET:-a:-b?c}      | a:-b?c",
        "${SET:+${UNSET:-z}}   | z",
        "a}b{                  | a}b{",
      })
  void resolvesAsTheSpecificationSays(String text, String expected) {
    assertThat(Template.parse(text).resolve(ENVIRONMENT)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$",
        "a$",
        "$ x",
        "$1",
        "${}",
        "${1}",
        "${A",
        "${A:-b",
        "${A!}",
        "${A:}",
        "${A:-${B}",
        "$-",
        "${ A}",
        "${A }"
      })
  void refusesADollarThatMeansNothing(String text) {
    assertThatThrownBy(() -> Template.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("$");
  }

  @Test
  void neverShowsTheTextAroundABadDollar() {
    assertThatThrownBy(() -> Template.parse("swordfish$ ")).hasMessageNotContaining("swordfish");
  }

  @Test
  void knowsWhetherItDependsOnAnUnsetVariable() {
    assertThat(Template.parse("${SET}${UNSET:-d}").isComplete(ENVIRONMENT)).isTrue();
    assertThat(Template.parse("${UNSET:-${OTHER}}").isComplete(ENVIRONMENT)).isFalse();
    assertThat(Template.parse("${SET:-${OTHER}}").isComplete(ENVIRONMENT)).isTrue();
    assertThat(Template.parse("${EMPTY:?m}").isComplete(ENVIRONMENT)).isFalse();
    assertThat(Template.parse("${UNSET:+${OTHER}}").isComplete(ENVIRONMENT)).isTrue();
    assertThat(Template.parse("${SET:+${OTHER}}").isComplete(ENVIRONMENT)).isFalse();
  }

  @Test
  void refusesEndlessNesting() {
    assertThatThrownBy(() -> Template.parse("${A:-".repeat(10_000)))
        .hasMessageContaining("nested more than 20 deep");
  }
}
