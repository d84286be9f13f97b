package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.Json;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.health.HealthAnswer;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.RunningPlatform;
import dev.slipway.platform.Role;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole platform up by its own compose file: what a visitor gets through the edge. */
@PipelineTest
@Tag("health")
class WholePlatformIT {

  private static final int MOST_QUESTIONS = 20;

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
    requireFrontend();
    HttpAnswer answer = page().answer();

    assertThat(answer.status())
        .withFailMessage("/ through the edge answers %d: %s", answer.status(), edgeHint(answer))
        .isEqualTo(200);
    assertThat(answer.contentType())
        .withFailMessage(
            "/ through the edge answers %s, not the frontend's page.", answer.contentType())
        .contains("html");
  }

  @Test
  void theEdgeServesWhatThePageLoads() {
    requireFrontend();
    Page page = page();
    assumeTrue(page.isPage(), "/ through the edge is no page");

    List<String> unusable =
        PageFile.of(page.answer().body(), page.address()).stream()
            .flatMap(
                file ->
                    file.objection(running.ask(file.path(), page.host())).stream()
                        .map(objection -> "The page loads " + file.path() + ", which " + objection))
            .toList();

    assertThat(unusable)
        .withFailMessage(
            () ->
                String.join("\n", unusable)
                    + "\nWithout it the page stays blank or bare in a browser, although it answers 200.")
        .isEmpty();
  }

  private void requireFrontend() {
    assumeTrue(
        running.service(Role.FRONTEND).isPresent() || platform.platform().pageSources().isPresent(),
        PlatformUnderTest.NO_PAGES);
  }

  /** The first page of a host, else what the edge answers at its address. */
  private Page page() {
    return pageHosts()
        .map(host -> new Page(host, running.ask("/", host)))
        .filter(Page::isPage)
        .findFirst()
        .orElseGet(() -> new Page(Optional.empty(), running.ask("/", Optional.empty())));
  }

  /**
   * What the edge answers to whoever asks for its first page.
   *
   * @param host the name that it was asked by; empty: its address
   */
  private record Page(Optional<String> host, HttpAnswer answer) {

    boolean isPage() {
      return answer.status() == 200 && answer.contentType().contains("html");
    }

    /** As the page's visitors have it. */
    URI address() {
      String path = answer.from().map(URI::getRawPath).orElse("/");
      return URI.create("http://" + host.orElse("slipway.invalid") + path);
    }
  }

  @Test
  void theEdgePassesTheApiToTheBackend() {
    assumeTrue(running.service(Role.EDGE).isPresent(), "the platform has no edge");
    HttpAnswer answer = running.ask("/api/", platform.platform().health().host());

    assertThat(unreachableHttps(answer))
        .withFailMessage(
            () -> "/api/ through the edge answers " + answer.status() + ": " + edgeHint(answer))
        .isEmpty();
    assertThat(answer.status())
        .withFailMessage("/api/ through the edge answers %d: %s", answer.status(), edgeHint(answer))
        .isLessThan(500);
    assertThat(answer.contentType())
        .withFailMessage(
            "/api/ through the edge answers %s, which is a page and not the backend; add `location /api/ { proxy_pass …; }` to the edge.",
            answer.contentType())
        .doesNotContain("html");
  }

  @Test
  void theEdgeLeavesThePathsOfTheApiAsTheyAre() {
    assumeTrue(running.service(Role.EDGE).isPresent(), "the platform has no edge");
    List<Openapi.Question> known = whatTheBackendAnswers();
    List<String> lost = new ArrayList<>();
    for (Openapi.Question question : known) {
      HttpAnswer answer = running.ask(question.through(), platform.platform().health().host());
      if (answer.status() != HttpURLConnection.HTTP_NOT_FOUND) {
        return;
      }
      lost.add(question.through());
    }

    assertThat(lost)
        .withFailMessage(
            "The backend has %s and answers 404 for it through the edge, which changes the path on its way: take the `/` off the end of `proxy_pass http://…/;` and the `rewrite` out of `location /api/`, or, if the prefix is to be cut off, tell the backend with FastAPI(root_path=\"/api\").",
            String.join(", ", lost))
        .isEmpty();
  }

  /** What it knows of its own API, and answers when it is asked past the edge. */
  private List<Openapi.Question> whatTheBackendAnswers() {
    BackendInside backend =
        new BackendInside(
            platform.engine(),
            Objects.requireNonNull(
                running.project().containers().get(platform.platform().backend().name())),
            platform
                .rig()
                .backendPort()
                .orElseGet(() -> Assumptions.abort("nothing says where the backend listens")),
            platform.platform().health().host());
    List<Openapi.Question> questions =
        backend
            .json(Openapi.USUAL_PATHS)
            .map(Json::tree)
            .map(Openapi::questions)
            .orElseGet(
                () ->
                    Assumptions.abort("the backend itself answers none of " + Openapi.USUAL_PATHS))
            .stream()
            .limit(MOST_QUESTIONS)
            .toList();
    List<Integer> statuses =
        backend.statuses(questions.stream().map(Openapi.Question::direct).toList());
    List<Openapi.Question> known =
        IntStream.range(0, statuses.size())
            .filter(each -> isKnown(statuses.get(each)))
            .mapToObj(questions::get)
            .toList();
    assumeTrue(
        !known.isEmpty(), "the backend's openapi.json has no path below /api/ that can be asked");
    return known;
  }

  private static boolean isKnown(int status) {
    return status > 0 && status != HttpURLConnection.HTTP_NOT_FOUND && status < 500;
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
        : unreachableHttps(answer)
            .or(() -> answer.elsewhere().map(away -> "a redirect to " + away))
            .orElseGet(answer::body);
  }

  private Optional<String> unreachableHttps(HttpAnswer answer) {
    return EdgeHint.ofUnreachableHttps(
        answer, platform.platform().entry().name(), platform.platform().compose().file());
  }
}
