package dev.slipway.deploy.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeployLogTest {

  private static final ReleaseManifest RELEASE =
      new ReleaseManifest(
          "c0ffee" + "0".repeat(34),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Map.of(),
          Instant.EPOCH);

  private final StringBuilder text = new StringBuilder();
  private final DeployLog log =
      new DeployLog(
          line -> text.append(line).append('\n'),
          new Redaction(
              List.of(Secret.of("swordfish"), Secret.of("-----BEGIN-----\nAAAABBBBCCCC\n"))));

  @Test
  void tellsTheWholeStoryInTheseWords() {
    Step step = new Step.FetchCommit(RELEASE.commit(), "not in the server's repository");
    log.plan(new DeployPlan(RELEASE, List.of(step)));
    log.stepStarted(1, 1, step);
    log.output("Running upgrade");
    log.stepFinished(1, 1, Duration.ofMillis(1250));
    log.gateShut("version 1 answers, not 2");
    log.failed(SlipwayException.refused("It broke.", "Mend it."));
    log.culprit("backend", List.of("Traceback"));
    log.rollingBack(RELEASE);
    log.rolledBack(RELEASE);
    log.schemaMoved(Optional.empty(), Optional.of("rev2"));
    log.oldVersionServes(Optional.of(RELEASE));
    log.oldVersionServes(Optional.empty());
    log.nothingBefore();
    log.serving(RELEASE, Duration.ofSeconds(42));
    log.servingIncomplete(RELEASE);
    log.note("And so on.");

    assertThat(text)
        .hasToString(
            """
            Plan to serve c0ffee000000:
              1. fetch commit c0ffee000000 (not in the server's repository)
            [1/1] fetch commit c0ffee000000
                  Running upgrade
            [1/1] done in 1.3 s
                  not yet: version 1 answers, not 2
            FAILED: It broke.
                    Mend it.
            The last lines of backend:
                  Traceback
            Bringing back c0ffee000000, which served before.
            Rolled back: c0ffee000000 serves again.
            The schema was NOT reverted: it went from empty to rev2. The old version runs on the new schema; restore a backup only if it fails there.
            Nothing was swapped: c0ffee000000 serves as before.
            Nothing was swapped: what served before serves as before.
            Nothing served before this first deployment, so there is nothing to bring back; its containers are left to look at.
            Serving c0ffee000000 after 42.0 s.
            Serving c0ffee000000, but not complete: deploy again to finish.
            And so on.
            """);
  }

  @Test
  void saysWhatADeploymentWouldPush() {
    log.unpublished(RELEASE);
    assertThat(text).isEmpty();

    log.unpublished(
        new ReleaseManifest(
            RELEASE.commit(),
            Optional.empty(),
            Map.of(
                "nginx",
                    new ReleasedImage("registry/nginx", "1", Optional.of("sha256:d"), "sha256:n"),
                "web", new ReleasedImage("registry/web", "1", Optional.empty(), "sha256:w"),
                "backend",
                    new ReleasedImage("registry/backend", "1", Optional.empty(), "sha256:b")),
            Optional.empty(),
            Map.of(),
            Instant.EPOCH));

    assertThat(text)
        .hasToString(
            "Not published yet; a deployment first pushes registry/backend:1, registry/web:1.\n");
  }

  @Test
  void takesTheSecretsOutOfEveryLine() {
    log.output("password=swordfish");
    log.failed(SlipwayException.refused("No login with swordfish.", "Try AAAABBBBCCCC."));
    log.culprit("backend", List.of("AAAABBBBCCCC"));

    assertThat(text.toString()).contains("[secret]").doesNotContain("swordfish", "AAAABBBB");
  }

  @Test
  void takesOutWhatItLearnsTheLongestFirst() {
    log.conceal(List.of(Secret.of("sesame"), Secret.of("open sesame wide")));

    log.output("sesame, open sesame wide, swordfish");

    assertThat(text).hasToString("      [secret], [secret], [secret]\n");
    assertThat(log.redacted("sesame seeds")).isEqualTo("[secret] seeds");
  }
}
