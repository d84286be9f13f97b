package dev.slipway.pipeline.health;

import dev.slipway.effect.http.HttpAnswer;
import java.net.URI;
import java.util.Optional;

/** What to do about an edge that does not answer what it should. */
final class EdgeHint {

  private EdgeHint() {}

  /**
   * That it sends everybody to HTTPS, and nobody gets there; empty where it does not.
   *
   * @param edge its service
   * @param composeFile where that is
   */
  static Optional<String> ofUnreachableHttps(HttpAnswer answer, String edge, String composeFile) {
    return answer
        .elsewhere()
        .filter(away -> "https".equals(away.getScheme()))
        .filter(away -> answer.from().map(URI::getScheme).filter("https"::equals).isEmpty())
        .map(
            away ->
                "a redirect to %s, and %s publishes no port for HTTPS; add it to its `ports:` in %s, such as \"443:443\", or, where a proxy in front of it ends TLS, let it answer requests with `X-Forwarded-Proto: https` without a redirect."
                    .formatted(away, edge, composeFile));
  }
}
