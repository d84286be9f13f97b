package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.effect.http.HttpAnswer;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EdgeHintTest {

  @Test
  void saysThatNobodyGetsToWhereAnEdgeSendsEverybody() {
    assertThat(hint(redirect("http://localhost:8080/health", "https://shop.example/health")))
        .get()
        .asString()
        .startsWith(
            "a redirect to https://shop.example/health, and nginx publishes no port for HTTPS; add it to its `ports:` in docker-compose.prod.yml");
  }

  @Test
  void saysNothingOfOtherAnswers() {
    assertThat(hint(redirect("https://localhost:8443/health", "https://other.example/"))).isEmpty();
    assertThat(hint(redirect("http://localhost:8080/health", "http://other.example/"))).isEmpty();
    assertThat(hint(new HttpAnswer(404, ""))).isEmpty();
  }

  private static Optional<String> hint(HttpAnswer answer) {
    return EdgeHint.ofUnreachableHttps(answer, "nginx", "docker-compose.prod.yml");
  }

  private static HttpAnswer redirect(String from, String to) {
    return new HttpAnswer(
        301, "text/html", "", Optional.of(URI.create(to)), Optional.of(URI.create(from)));
  }
}
