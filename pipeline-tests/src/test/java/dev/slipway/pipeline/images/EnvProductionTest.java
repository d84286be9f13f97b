package dev.slipway.pipeline.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvProductionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VITE_API_URL=https://api.example",
        "VITE_API_URL=https://api.example # the public one",
        "VITE_API_URL=https://api.example#the public one",
        "VITE_API_URL = https://api.example ",
        "  export VITE_API_URL='https://api.example' # note",
        "VITE_API_URL=\"https://api.example\"\r\nVITE_TITLE=#none\r\n",
        "VITE_API_URL=http://localhost:8000\nVITE_API_URL=https://api.example",
        "HOST=api.example\nVITE_API_URL=https://${HOST}"
      })
  void readsAValueAsViteDoes(String text) {
    assertThat(EnvProduction.value(text, "VITE_API_URL")).contains("https://api.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "VITE_API_URL=", "VITE_API_URL= # later", "#VITE_API_URL=https://x", "X=1"})
  void findsNone(String text) {
    assertThat(EnvProduction.value(text, "VITE_API_URL")).isEmpty();
  }

  @Test
  void tellsAnAddressFromWhatIsNone() {
    assertThat(EnvProduction.host("https://api.example/v1")).contains("api.example");
    assertThat(EnvProduction.host("/api")).contains("");
    assertThat(EnvProduction.host("https://a b")).isEmpty();
    assertThat(EnvProduction.host("https://${HOST}")).isEmpty();
  }
}
