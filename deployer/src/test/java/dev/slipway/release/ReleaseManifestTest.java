package dev.slipway.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Json;
import dev.slipway.SlipwayException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseManifestTest {

  private static final ReleasedImage PUSHED =
      new ReleasedImage("registry.example/backend", "c0ffee", Optional.of("sha256:1"), "sha256:2");

  @Test
  void survivesItsFile() {
    ReleaseManifest release =
        new ReleaseManifest(
            "c0ffee",
            Optional.of("c0ffee"),
            Map.of("backend", PUSHED),
            Optional.of("rev1"),
            Map.of("TAG", "c0ffee"),
            Instant.parse("2026-01-01T00:00:00Z"));

    String page = Json.page(release);

    assertThat(ReleaseManifest.parse(page, "release.json")).isEqualTo(release);
    assertThat(page)
        .contains("\"createdAt\" : \"2026-01-01T00:00:00Z\"")
        .doesNotContain("briefCommit")
        .endsWith("}\n");
  }

  @Test
  void readsWhatANewerSlipwayWrote() {
    String text = "{\"commit\":\"c0ffee\",\"images\":{},\"variables\":{},\"mood\":\"good\"}";

    assertThat(ReleaseManifest.parse(text, "release.json").version()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{}", "[]", "{\"images\":{},\"variables\":{}}", "{} {}"})
  void refusesAGarbledFile(String text) {
    assertThatThrownBy(() -> ReleaseManifest.parse(text, "release.json"))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("The release manifest release.json cannot be read: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'commit':'--upload-pack=touch x','images':{},'variables':{}| is not the id of a commit",
        "'commit':'HEAD','images':{},'variables':{}| is not the id of a commit",
        "'commit':'c0ffee','images':{'--help':{'name':'a','tag':'1','id':'b'}},'variables':{}"
            + "| '--help' is not the name of a service",
        "'commit':'c0ffee','images':{'a':{'name':'-v/:/x','tag':'1','id':'b'}},'variables':{}"
            + "| '-v/:/x' is not the name of an image",
        "'commit':'c0ffee','images':{'a':{'name':'a','tag':'1 2','id':'b'}},'variables':{}"
            + "| '1 2' is not a tag",
        "'commit':'c0ffee','images':{},'variables':{'A B':'c'}| is not the name of a variable",
        "'commit':'c0ffee','images':{},'variables':{'TAG':'1\\nPASSWORD=2'}| which is one line",
      })
  void refusesWhatACommandWouldTakeForMoreThanAName(String fields, String expected) {
    String text = "{" + fields.replace('\'', '"') + "}";

    assertThatThrownBy(() -> ReleaseManifest.parse(text, "release.json"))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("The release manifest release.json cannot be read: ")
        .hasMessageContaining(expected.strip());
  }

  @Test
  void pinsByDigestOrElseById() {
    assertThat(PUSHED.pinned()).isEqualTo("registry.example/backend@sha256:1");
    assertThat(PUSHED.tagged()).isEqualTo("registry.example/backend:c0ffee");
    assertThat(new ReleasedImage("backend", "latest", Optional.empty(), "sha256:2").pinned())
        .isEqualTo("sha256:2");
  }
}
