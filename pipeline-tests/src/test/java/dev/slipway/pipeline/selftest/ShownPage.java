package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What can be asked of every page that a browser shows.
 *
 * @param browser in which it is open
 */
record ShownPage(Browser browser) {

  private static final int DARK = 60;

  /** What a person would see of it. */
  JsonNode probe() throws IOException {
    return ask("page-probe.js");
  }

  /** What a script among the tests' resources finds in it. */
  JsonNode ask(String script) throws IOException {
    try (var stream = ShownPage.class.getResourceAsStream(script)) {
      return browser.ask(
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** All of its text can be read in the window, on a ground that the colour scheme wants. */
  void requireReadable(String scheme) throws IOException {
    JsonNode seen = probe();
    assertThat(seen.path("faint")).as("text of too little contrast").isEmpty();
    assertThat(seen.path("outside")).as("text that stands out of the window").isEmpty();
    assertThat(seen.path("width").asInt()).as("pixels to scroll sideways").isZero();
    assertThat(firstNumber(seen.path("background").asText()) < DARK)
        .as("a dark ground")
        .isEqualTo(scheme.equals("dark"));
  }

  private static int firstNumber(String colour) {
    return Integer.parseInt(colour.replaceFirst("\\D*(\\d+).*", "$1"));
  }

  /** It asks for its own address alone, and runs nothing that it quotes. */
  void requireNothingForeign(String url) throws IOException {
    JsonNode seen = probe();
    assertThat(browser.events("Network.requestWillBeSent"))
        .extracting(event -> event.path("params").path("request").path("url").asText())
        .containsExactly(url);
    assertThat(browser.events("Log.entryAdded")).isEmpty();
    assertThat(browser.events("Page.javascriptDialogOpening")).isEmpty();
    assertThat(seen.path("foreign").asInt()).isZero();
  }
}
