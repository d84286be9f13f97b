package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.compose.ComposeFile;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentTest {

  private static Attachment of(String service, String more) {
    String compose = "services:\n  web: {image: w, " + service + "}\n" + more;
    return Attachment.of(
        Attachment.of(ComposeFile.parse("compose.yml", compose, Map.of()), "shop"), "web");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "media:/srv/media| | shop_media",
        "media:/srv/media:ro| volumes: {media: {name: pictures}}| pictures",
        "media:/srv/media| volumes: {media: {external: true}}| media",
        "media:/srv/media| volumes: {media: {external: {name: old}}}| old",
        "{type: volume, source: media, target: /srv/media/}| volumes: {media: }| shop_media",
        "./media:/srv/media| | ././media",
        "{type: bind, source: /m, target: /srv/media}| | /m",
        "{type: tmpfs, target: /srv/media}| | ",
        "/srv/media| | ",
      })
  void namesAVolumeAsComposeDoes(String mount, String more, String expected) {
    Attachment attachment = of("volumes: ['" + mount + "']", more == null ? "" : more + "\n");
    if (mount.startsWith("{")) {
      attachment = of("volumes: [" + mount + "]", more == null ? "" : more + "\n");
    }

    assertThat(attachment.complete()).isTrue();
    assertThat(attachment.volumes().get("/srv/media")).isEqualTo(expected);
  }

  @Test
  void knowsWhatItDoesNotKnow() {
    assertThat(of("volumes: ['${MEDIA:-media}:/srv/media']", "").volumes().get("/srv/media"))
        .matches(Attachment::isVariable);
    assertThat(of("volumes: ['$DIR/media:/srv/media']", "").volumes().get("/srv/media"))
        .matches(Attachment::isVariable);
    assertThat(of("volumes: ['media:${PLACE:?}', 'other:/x']", "").complete()).isFalse();
    assertThat(of("networks: [a]", "networks: {a: {name: '${NET}'}}\n").networks()).isEmpty();
  }

  @Test
  void namesNetworksAsComposeDoes() {
    assertThat(of("command: x", "").networks()).containsExactly("shop_default");
    assertThat(of("networks: {a: , b: {aliases: [c]}}", "networks: {b: {name: bee}}\n").networks())
        .isEqualTo(Set.of("shop_a", "bee"));
    assertThat(of("network_mode: host", "").networks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/opt/shop/pgdata, ./pgdata, true",
    "/opt/shop/pgdata, ././pgdata/, true",
    "/opt/shop/pgdata, ./data, false",
    "/opt/shop/mypgdata, ./pgdata, false",
    "/srv/pg/, /srv/pg, true",
    "/srv/pg, /srv/other, false",
    "/anywhere, ./../pg, true",
    "shop_pgdata, shop_pgdata, true",
    "shop_pgdata, ./pgdata, false",
    "/srv/pg, ./${DIR}, true"
  })
  void knowsAFolderByItsPathFromTheComposeFile(String standing, String wanted, boolean same) {
    assertThat(Attachment.isSame(standing, wanted)).isEqualTo(same);
  }
}
