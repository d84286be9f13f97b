package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.SlipwayException;
import dev.slipway.effect.http.EdgeDoor;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.health.HealthAnswer;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.RunningPlatform;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import dev.slipway.platform.Health;
import dev.slipway.platform.Role;
import dev.slipway.release.BuiltImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployer itself at work: the previous commit, then this one, then the way back, on a stand-in
 * server.
 */
@PipelineTest
@Tag("deploy")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class RehearsalIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final PlatformUnderTest platform;
  private final Rig rig;
  private final Rehearsal rehearsal;
  private final Candidate current;
  private final Optional<Candidate> previous;
  private final Optional<DatabaseOnServer> database;

  RehearsalIT(PlatformUnderTest platform) {
    this.platform = platform;
    Path scratch = platform.scratch("rehearsal");
    RunningPlatform running = platform.running();
    this.rig = new Rig(platform, scratch.resolve("rig"), platform.commit(), Server.usual());
    rig.place(platform.platform(), running.filesOfTheServer());
    if (!running.answersByItsAddress()) {
      rig.forgetPublicAddress();
    }
    this.rehearsal = new Rehearsal(platform, rig, scratch);
    this.current = rehearsal.current();
    this.previous = previousCommit().flatMap(this::candidate);
    this.database =
        platform
            .platform()
            .service(Role.POSTGRES)
            .map(service -> new DatabaseOnServer(rig, service.name()));
  }

  /** The commit before the last one that changed the platform. */
  private Optional<String> previousCommit() {
    return platform
        .repository()
        .lastChange(platform.commit(), ".")
        .flatMap(platform.repository()::parent)
        .filter(
            commit ->
                platform
                    .repository()
                    .show(commit, platform.platform().compose().file())
                    .isPresent());
  }

  private Optional<Candidate> candidate(String commit) {
    try {
      return Optional.of(rehearsal.other(commit));
    } catch (SlipwayException e) {
      LOG.warn(
          "The previous commit {} cannot be rehearsed, so this one is rehearsed as a first deployment: {}",
          commit,
          e.what());
      return Optional.empty();
    }
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  @Test
  @Order(1)
  void deploysThePreviousCommit() {
    assumeTrue(previous.isPresent(), "there is no earlier commit of the platform that builds");
    Outcome outcome = rehearsal.slipway(previous.orElseThrow(), "deploy");

    assertThat(outcome.exitCode())
        .withFailMessage("The previous commit does not deploy:\n%s", outcome.text())
        .isZero();
    assertServes(previous.orElseThrow());
    database.ifPresent(DatabaseOnServer::leaveAMark);
  }

  @Test
  @Order(2)
  void plansWithoutChangingAnything() {
    String before = serverState();
    Outcome outcome = rehearsal.slipway(current, "plan");

    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
    assertThat(outcome.text())
        .contains(
            "Not published yet; a deployment first pushes ",
            "Plan to serve " + current.commit().substring(0, 12))
        .doesNotContain("Pushing ");
    assertThat(current.output().resolve("release.json")).doesNotExist();
    assertThat(serverState()).isEqualTo(before);
  }

  @Test
  @Order(3)
  void deploysThisCommitWithTheImagesThatWereTested() {
    long logins = rig.logins();
    Outcome outcome = rehearsal.slipway(current, "deploy");

    assertThat(rig.logins() - logins).as("SSH connections of one deployment").isEqualTo(1);
    assertThat(outcome.exitCode())
        .withFailMessage("This commit does not deploy:\n%s", outcome.text())
        .isZero();
    assertServes(current);
    current
        .images()
        .forEach((service, image) -> assertThat(runningImage(service)).isEqualTo(image.id()));
    database
        .filter(known -> previous.isPresent())
        .flatMap(DatabaseOnServer::loss)
        .ifPresent(Assertions::fail);
  }

  @Test
  @Order(4)
  void findsNothingToDoTheSecondTime() {
    String before = serverState();
    Outcome outcome = rehearsal.slipway(current, "deploy");

    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
    assertThat(outcome.text()).contains("Nothing to do");
    assertThat(serverState()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void rollsBackToThePreviousCommit() {
    assumeTrue(previous.isPresent(), "there is no earlier commit of the platform that builds");
    Outcome outcome = rehearsal.slipway(current, "rollback");

    assertThat(outcome.exitCode())
        .withFailMessage("The way back does not work:\n%s", outcome.text())
        .isZero();
    assertServes(previous.orElseThrow());
  }

  /**
   * By the version that answers, or where the platform does not tell it, by the image that runs.
   */
  private void assertServes(Candidate candidate) {
    String backend = platform.platform().backend().name();
    BuiltImage image = Objects.requireNonNull(candidate.images().get(backend));
    Health health = platform.platform().health();
    HttpAnswer answer = ask(health);
    assertThat(answer.status()).withFailMessage("%s", answer).isEqualTo(200);
    if (health.tellsVersion()) {
      assertThat(new HealthAnswer(answer, health.versionField()).version())
          .contains(image.version());
    } else {
      assertThat(runningImage(backend)).isEqualTo(image.id());
    }
  }

  private HttpAnswer ask(Health health) {
    try {
      return new EdgeDoor()
          .get(rig.ports(platform.platform().entry()), health.path(), health.host(), ANSWER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String runningImage(String service) {
    return rig.onServer("docker", "inspect", "--format", "{{.Image}}", rig.container(service))
        .standardOutput()
        .strip();
  }

  private String serverState() {
    return rig.onServer(
            "sh",
            "-c",
            "docker ps -aq --no-trunc | sort; git -C "
                + platform.platform().serverDirectory()
                + " rev-parse HEAD; docker images -q | sort | uniq")
        .standardOutput();
  }
}
