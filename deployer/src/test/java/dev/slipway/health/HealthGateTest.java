package dev.slipway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.SlipwayException;
import dev.slipway.StallingPeer;
import dev.slipway.WaitingClock;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.effect.http.HttpDoor;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthGateTest {

  private static final HttpAnswer NEW = new HttpAnswer(200, "{\"version\":\"2\"}");
  private static final HttpAnswer OLD = new HttpAnswer(200, "{\"version\":\"1\"}");
  private static final HttpAnswer DEGRADED = new HttpAnswer(503, "{\"redis\":\"down\"}");

  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final HealthGate gate =
      new HealthGate("version", 3, Duration.ofSeconds(10), clock, clock);
  private final List<String> objections = new ArrayList<>();

  /** Answers in turn, the last answer for ever. */
  private static Probe answers(HttpAnswer... answers) {
    int[] asked = {0};
    return () -> answers[Math.min(asked[0]++, answers.length - 1)];
  }

  private void pass(Probe... probes) {
    gate.pass(
        Stream.of(probes).map(probe -> new HealthGate.Place("asked here", probe)).toList(),
        Optional.of("2"),
        objections::add);
  }

  private String shut(Probe probe) {
    return catchThrowableOfType(SlipwayException.class, () -> pass(probe)).what();
  }

  @Test
  void opensAfterThreeGoodAnswersInARow() {
    pass(answers(NEW));

    assertThat(objections).isEmpty();
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void asksAsOftenAsItIsTold() {
    gate.every(Duration.ofMillis(200))
        .pass(
            List.of(new HealthGate.Place("asked here", answers(NEW))),
            Optional.of("2"),
            objections::add);

    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  @Timeout(20)
  void staysShutWhenAnAnswerStopsInTheMiddle() throws IOException {
    try (StallingPeer peer = StallingPeer.after("HTTP/1.1 200 OK", 100, "{\"version\":\"2\"")) {
      HttpDoor http = new HttpDoor();

      assertThat(shut(() -> http.get(peer.address("/health"), Duration.ofMillis(50))))
          .isEqualTo(
              "The health gate stayed shut for 10 s, asked here: no answer: the answer stopped in"
                  + " the middle.");
    }
  }

  @Test
  void countsAnewAfterABadAnswer() {
    pass(answers(NEW, NEW, DEGRADED, NEW, NEW, NEW));

    assertThat(objections).containsExactly("status 503: {\"redis\":\"down\"}");
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void opensWhenAllPlacesAnswerWellThreeTimesTogether() {
    pass(answers(NEW), answers(NEW, OLD, NEW, NEW, NEW));

    assertThat(objections).containsExactly("version 1 answers, not 2");
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void namesThePlaceThatIsToBlame() {
    List<HealthGate.Place> places =
        List.of(
            new HealthGate.Place("asked here", answers(DEGRADED, NEW)),
            new HealthGate.Place("asked there", answers(OLD)));

    assertThat(
            catchThrowableOfType(
                    SlipwayException.class,
                    () -> gate.pass(places, Optional.of("2"), objections::add))
                .what())
        .isEqualTo("The health gate stayed shut for 10 s, asked there: version 1 answers, not 2.");
  }

  @Test
  void staysShutWhileTheOldVersionAnswers() {
    assertThat(shut(answers(OLD)))
        .isEqualTo("The health gate stayed shut for 10 s, asked here: version 1 answers, not 2.");
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void tellsEachObjectionOnce() {
    shut(answers(OLD, OLD, DEGRADED, DEGRADED, DEGRADED));

    assertThat(objections)
        .containsExactly("version 1 answers, not 2", "status 503: {\"redis\":\"down\"}");
  }

  @Test
  void takesNoStaticPageForHealthy() {
    assertThat(shut(answers(new HttpAnswer(200, "<html>\n  welcome</html>"))))
        .endsWith("the answer has no field 'version' (no JSON; text begins: welcome).");
  }

  @Test
  void takesNoNumberlessVersionForTheWantedOne() {
    assertThat(shut(answers(new HttpAnswer(200, "{\"version\":null}"))))
        .contains("has no field 'version'");
  }

  @Test
  void saysSoWhenNothingAnswers() {
    Probe refused =
        () -> {
          throw new ConnectException("Connection refused");
        };

    assertThat(shut(refused)).endsWith("no answer: Connection refused.");
  }

  @Test
  void namesAFailureWithoutWords() {
    Probe silent =
        () -> {
          throw new IOException();
        };

    assertThat(shut(silent)).endsWith("no answer: IOException.");
  }

  @Test
  void asksOnlyForTheStatusWhenNoVersionIsKnown() {
    gate.pass(
        List.of(new HealthGate.Place("asked here", answers(new HttpAnswer(200, "ok")))),
        Optional.empty(),
        objections::add);

    assertThat(objections).isEmpty();
  }

  @Test
  void shortensALongAnswer() {
    assertThat(shut(answers(new HttpAnswer(500, '"' + "x".repeat(1000) + '"'))))
        .contains("status 500: \"" + "x".repeat(199) + "…")
        .doesNotContain("x".repeat(200));
    assertThat(shut(answers(new HttpAnswer(500, "y".repeat(1000)))))
        .contains("status 500 (no JSON; text begins: " + "y".repeat(80) + "…)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1>nginx</body></html>"
            + "|status 502 (no JSON; a page with the title: 502 Bad Gateway)",
        "<TITLE lang=en> Sorry, <b>gone</b></TITLE>"
            + "|status 502 (no JSON; a page with the title: Sorry,)",
        "<html><title></title><style>h1 {color: red}</style><!-- <p>no</p> --><h1>Bad <i>luck</i></h1>"
            + "|status 502 (no JSON; text begins: Bad luck)",
        "Bad gateway: 1 < 2, cut <a href=|status 502 (no JSON; text begins: Bad gateway: 1 < 2, cut)",
        "<div></div>|status 502 (no JSON; no text at all)",
        "``|status 502 (no JSON; no text at all)"
      })
  void showsNoMarkup(String body, String objection) {
    shut(answers(new HttpAnswer(502, body)));

    assertThat(objections).containsExactly(objection);
  }
}
