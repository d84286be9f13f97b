package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.effect.http.HttpAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For how long an edge may reach nobody after it was turned to new containers. */
class EdgeWatchTest {

  private static final HttpAnswer WELL = answer(200, "{\"version\":\"1\"}");
  private static final HttpAnswer BAD_GATEWAY =
      answer(502, "<html><title>502 Bad Gateway</title></html>");

  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final List<HttpAnswer> answers = new ArrayList<>();
  private Duration eachTakes = Duration.ZERO;
  private int asked;
  private final EdgeWatch watch = new EdgeWatch(this::ask, "version", clock, clock);

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(status, body);
  }

  /** The last answer is given again and again; without any there is none. */
  private HttpAnswer ask() throws IOException {
    asked++;
    clock.accept(eachTakes);
    if (answers.isEmpty()) {
      throw new IOException("nobody is there");
    }
    return answers.size() > 1 ? answers.remove(0) : answers.get(0);
  }

  private void watch(HttpAnswer... told) {
    answers.addAll(List.of(told));
    watch.begin();
    watch.require();
  }

  private Duration waited() {
    return Duration.between(start, clock.instant());
  }

  @Test
  void endsWithTheFirstAnswerOfWhatStandsBehindTheEdge() {
    watch(WELL, BAD_GATEWAY, BAD_GATEWAY, WELL, BAD_GATEWAY);

    assertThat(waited()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void endsAfterSomeSecondsWithoutAny() {
    assertThatThrownBy(() -> watch(WELL, BAD_GATEWAY))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("502 Bad Gateway");
    assertThat(waited()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void givesASlowServerMoreTime() {
    eachTakes = Duration.ofSeconds(8);

    assertThatThrownBy(() -> watch(WELL, BAD_GATEWAY)).isInstanceOf(SlipwayException.class);

    assertThat(asked).isEqualTo(6);
  }

  @Test
  void blamesNothingOnTheTurnWhereNobodyWasReachedBefore() {
    watch(BAD_GATEWAY);
    assertThat(waited()).isZero();
  }

  @Test
  void blamesNothingOnTheTurnWhereNobodyAnsweredBefore() {
    assertThatCode(this::watch).doesNotThrowAnyException();
    assertThat(waited()).isZero();
  }

  /** Those are for the health gate to judge. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {\"status\":\"degraded\"}",
        "502 | {\"version\":\"2\"}",
        "200 | <html>Welcome</html>",
        "404 | not found",
        "500 | oh"
      })
  void leavesWhatTheEdgeReachesToTheGate(int status, String body) {
    watch(WELL, answer(status, body));
    assertThat(waited()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "502 | {\"error\":\"bad gateway\"}",
        "503 | no available server",
        "504 | <html>504 Gateway Time-out</html>"
      })
  void knowsWhatAProxySaysThatReachesNobody(int status, String body) {
    assertThatThrownBy(() -> watch(WELL, answer(status, body)))
        .isInstanceOf(SlipwayException.class);
  }
}
