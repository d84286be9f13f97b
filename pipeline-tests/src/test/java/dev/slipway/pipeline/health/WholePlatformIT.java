package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.health.HealthAnswer;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.RunningPlatform;
import dev.slipway.platform.Role;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole platform up by its own compose file: what a visitor gets through the edge. */
@PipelineTest
@Tag("health")
class WholePlatformIT {

  private final PlatformUnderTest platform;
  private final RunningPlatform running;

  WholePlatformIT(PlatformUnderTest platform) {
    this.platform = platform;
    this.running = platform.running();
  }

  @Test
  void theEdgeServesTheHealthOfTheNewVersion() {
    String path = platform.platform().health().path();
    HttpAnswer answer = running.ask(path, platform.platform().health().host());

    assertThat(answer.status())
        .withFailMessage(
            "%s through the edge answers %d: %s", path, answer.status(), edgeHint(answer))
        .isEqualTo(200);
    assertThat(answer.contentType())
        .withFailMessage(
            "%s through the edge answers %s, not the backend's JSON; route it to the backend in the edge's configuration.",
            path, answer.contentType())
        .contains("json");
    assumeTrue(
        platform.platform().health().tellsVersion(),
        "slipway.yml says that the answer holds no version, so none is checked");
    assertThat(new HealthAnswer(answer, platform.platform().health().versionField()).version())
        .contains(platform.images().of(Role.BACKEND).version());
  }

  @Test
  void theEdgeServesTheFrontend() {
    assumeTrue(running.service(Role.FRONTEND).isPresent(), "the platform has no frontend");
    HttpAnswer answer =
        pageHosts()
            .map(host -> running.ask("/", host))
            .filter(each -> each.status() == 200 && each.contentType().contains("html"))
            .findFirst()
            .orElseGet(() -> running.ask("/", Optional.empty()));

    assertThat(answer.status())
        .withFailMessage("/ through the edge answers %d: %s", answer.status(), edgeHint(answer))
        .isEqualTo(200);
    assertThat(answer.contentType())
        .withFailMessage(
            "/ through the edge answers %s, not the frontend's page.", answer.contentType())
        .contains("html");
  }

  @Test
  void theEdgePassesTheApiToTheBackend() {
    assumeTrue(running.service(Role.EDGE).isPresent(), "the platform has no edge");
    HttpAnswer answer = running.ask("/api/", platform.platform().health().host());

    assertThat(answer.status())
        .withFailMessage("/api/ through the edge answers %d: %s", answer.status(), edgeHint(answer))
        .isLessThan(500);
    assertThat(answer.contentType())
        .withFailMessage(
            "/api/ through the edge answers %s, which is a page and not the backend; add `location /api/ { proxy_pass …; }` to the edge.",
            answer.contentType())
        .doesNotContain("html");
  }

  /** The page may be that of one host name among several. */
  private Stream<Optional<String>> pageHosts() {
    return Stream.concat(
        Stream.of(Optional.empty()),
        Stream.of(running)
            .flatMap(each -> each.edgeConfiguration().stream())
            .flatMap(configuration -> ServerNames.in(configuration).stream())
            .map(Optional::of));
  }

  private String edgeHint(HttpAnswer answer) {
    String entry = platform.platform().entry().name();
    return answer.status() >= 502 && answer.status() <= 504
        ? "the edge does not reach the service behind it; compare name and port in proxy_pass with what that service listens on. Its last words:\n"
            + running.logs(entry)
        : answer.elsewhere().map(away -> "a redirect to " + away).orElseGet(answer::body);
  }
}
