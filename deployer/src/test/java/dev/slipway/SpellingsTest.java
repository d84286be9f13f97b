package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingsTest {

  private static final String VALUE = "it's a \"b$c\\d/<é>&";

  /** Made by Python 3.11, bash 5.2 and dash 0.5.12, not by what is tested. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "as it is | it's a \"b$c\\d/<é>&",
        "JSON | it's a \\\"b$c\\\\d/<é>&",
        "single quotes of a shell | it'\\''s a \"b$c\\d/<é>&",
        "single quotes of dash | it'\"'\"'s a \"b$c\\d/<é>&",
        "double quotes of a shell | it's a \\\"b\\$c\\\\d/<é>&",
        "Python's repr | it\\'s a \"b$c\\\\d/<é>&",
        "compose's config | it's a \"b$$c\\d/<é>&",
        "HTML | it&#39;s a &quot;b$c\\d/&lt;é&gt;&amp;",
        "a form's field | it%27s+a+%22b%24c%5Cd%2F%3C%C3%A9%3E%26",
        "a URL's part | it%27s%20a%20%22b%24c%5Cd%2F%3C%C3%A9%3E%26",
        "a URL's path | it%27s%20a%20%22b%24c%5Cd/%3C%C3%A9%3E%26",
        "in lower case | it%27s%20a%20%22b%24c%5cd%2f%3c%c3%a9%3e%26",
        "hexadecimal | 69742773206120226224635c642f3cc3a93e26",
        "base64 | aXQncyBhICJiJGNcZC88w6k+J",
        "base64 after u | l0J3MgYSAiYiRjXGQvPMOpPi",
        "base64 after u: | pdCdzIGEgImIkY1xkLzzDqT4m",
        "base64 for URLs | aXQncyBhICJiJGNcZC88w6k-J",
      })
  void coverWhatProgramsMakeOfAValue(String maker, String spelling) {
    assertThat(Spellings.of(VALUE)).as(maker).contains(spelling);
  }

  @Test
  void coverEachLineOfAValueOfSeveral() {
    assertThat(Spellings.of("BEGIN OF IT\r\n c2VjcmV0 \nend\n"))
        .contains("BEGIN OF IT", "c2VjcmV0")
        .doesNotContain("end");
  }

  @Test
  void encodeNothingThatIsShort() {
    assertThat(Spellings.of("sesame!")).containsExactly("sesame!");
  }

  @Test
  void areNoneOfABlankValue() {
    assertThat(Spellings.of("        ")).isEmpty();
  }
}
