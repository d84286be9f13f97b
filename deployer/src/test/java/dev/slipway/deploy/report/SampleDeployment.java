package dev.slipway.deploy.report;

import dev.slipway.ExitCode;
import dev.slipway.WaitingClock;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A deployment that was rolled back, with hostile words in it and load on. */
final class SampleDeployment {

  static final String HOSTILE = "</pre><script>alert('output')</script>";
  static final ReleaseManifest RELEASE =
      new ReleaseManifest(
          "4f2a91c0d1e2f30415263748596a7b8c9d0e1f20",
          Optional.of("4f2a91c"),
          Map.of(),
          Optional.of("0004"),
          Map.of(),
          Instant.EPOCH);

  final WaitingClock clock = new WaitingClock();
  final Timeline timeline = new Timeline(clock);

  SampleDeployment() {
    timeline.line("Connected to deploy@host: Docker 26.1.5, compose 2.26.1.");
    step(1, new Step.FetchCommit(RELEASE.commit(), "not in the server's repository"), 3, true);
    step(2, new Step.Checkout(RELEASE.commit(), "the checkout is at 0123456789ab"), 1, true);
    step(3, new Step.PassGate(RELEASE.version(), "nothing ships that was not seen"), 30, false);
    timeline.line("FAILED: The gate stayed shut.");
    timeline.line("Bringing back 0123456789ab, which served before.");
    step(1, new Step.Checkout("0".repeat(40), "the checkout is at 4f2a91c0d1e2"), 2, true);
    timeline.line("Rolled back: 0123456789ab serves again.");
  }

  private void step(int number, Step step, int seconds, boolean ends) {
    timeline.stepStarted(number, 3, step);
    timeline.line("      " + HOSTILE + " of step " + number);
    clock.accept(Duration.ofSeconds(seconds));
    if (ends) {
      timeline.stepFinished(Duration.ofSeconds(seconds));
    }
  }

  DeployOutcome outcome() {
    return outcome(URI.create("https://platform.example/"));
  }

  DeployOutcome outcome(URI environment) {
    return new DeployOutcome(
        "platform-v2",
        Action.DEPLOY,
        Optional.of(RELEASE),
        ExitCode.ROLLED_BACK,
        timeline.failure(),
        "ann@laptop",
        timeline.elapsed(),
        Optional.of(environment));
  }

  /** Twenty requests a second, some slow, one second of failures, in the first form of vegeta. */
  String load() {
    StringBuilder lines = new StringBuilder();
    long from = timeline.began().getEpochSecond() * 1_000_000_000L;
    for (int i = 0; i < 36 * 20; i++) {
      long at = from + i * 50_000_000L;
      boolean failed = i >= 300 && i < 320;
      long latency = failed ? 900_000_000L : 4_000_000L + (i % 37) * 1_500_000L;
      lines.append(at).append(failed ? ",502," : ",200,").append(latency).append('\n');
    }
    return lines.toString();
  }
}
