package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.http.EdgeDoor;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.health.HealthAnswer;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.RunningPlatform;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import dev.slipway.platform.Health;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.release.BuiltImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
  private final Optional<Platform> before;
  private Stand stand;
  private Optional<Candidate> previous;

  /** A server to rehearse on, and what is deployed to it. */
  private record Stand(
      Rig rig, Rehearsal rehearsal, Candidate current, Optional<DatabaseOnServer> database) {

    static Stand of(PlatformUnderTest platform, Path scratch, Optional<Platform> before) {
      RunningPlatform running = platform.running();
      Rig rig =
          new Rig(
              platform,
              scratch.resolve("rig"),
              platform.commit(),
              Server.usual(),
              Stream.concat(Stream.of(platform.platform()), before.stream()).toList());
      rig.place(platform, running.filesOfTheServer());
      if (!running.answersByItsAddress()) {
        rig.forgetPublicAddress();
      }
      Rehearsal rehearsal = new Rehearsal(platform, rig, scratch);
      return new Stand(
          rig,
          rehearsal,
          rehearsal.current(),
          platform
              .platform()
              .service(Role.POSTGRES)
              .map(service -> new DatabaseOnServer(rig, service.name())));
    }
  }

  RehearsalIT(PlatformUnderTest platform) {
    this.platform = platform;
    Optional<String> commit = previousCommit();
    this.before = commit.flatMap(this::platformAt);
    this.stand = Stand.of(platform, platform.scratch("rehearsal"), before);
    this.previous = commit.flatMap(this::candidate);
  }

  private Optional<Platform> platformAt(String commit) {
    try {
      return Optional.of(
          CommittedPlatform.read(platform.repository(), commit, platform.variables().all()));
    } catch (SlipwayException unreadable) {
      return Optional.empty(); // told when it is to be deployed
    }
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
      return Optional.of(stand.rehearsal().other(commit));
    } catch (SlipwayException e) {
      warn(commit, e.what());
      return Optional.empty();
    }
  }

  private static void warn(String commit, String why) {
    LOG.warn(
        "The previous commit {} cannot be rehearsed, so this one is rehearsed as a first deployment: {}",
        commit,
        why);
  }

  /** Takes a server that nothing has been deployed to, in place of one that a deployment left. */
  private void startAnew() {
    previous = Optional.empty();
    stand.rig().close();
    stand = Stand.of(platform, platform.scratch("first-deployment"), Optional.empty());
  }

  @AfterAll
  void stop() {
    stand.rig().close();
  }

  @Test
  @Order(1)
  void deploysThePreviousCommit() {
    assumeTrue(previous.isPresent(), "there is no earlier commit of the platform that builds");
    Candidate candidate = previous.orElseThrow();
    Outcome outcome = stand.rehearsal().slipway(candidate, "deploy");

    if (outcome.exitCode() != 0) {
      warn(candidate.commit(), "it does not deploy, as its lines above say");
      startAnew();
      abort("the previous commit does not deploy");
    }
    assertServes(candidate, before.orElseThrow());
    stand.database().ifPresent(DatabaseOnServer::leaveAMark);
  }

  @Test
  @Order(2)
  void plansWithoutChangingAnything() {
    String before = serverState();
    Outcome outcome = stand.rehearsal().slipway(stand.current(), "plan");

    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
    assertThat(outcome.text())
        .contains(
            "Not published yet; a deployment first pushes ",
            "Plan to serve " + stand.current().commit().substring(0, 12))
        .doesNotContain("Pushing ");
    assertThat(stand.current().output().resolve("release.json")).doesNotExist();
    assertThat(serverState()).isEqualTo(before);
  }

  @Test
  @Order(3)
  void deploysThisCommitWithTheImagesThatWereTested() {
    long logins = stand.rig().logins();
    Outcome outcome = stand.rehearsal().slipway(stand.current(), "deploy");

    assertThat(stand.rig().logins() - logins).as("SSH connections of one deployment").isEqualTo(1);
    assertThat(outcome.exitCode())
        .withFailMessage("This commit does not deploy:\n%s", outcome.text())
        .isZero();
    assertServes(stand.current(), platform.platform());
    stand
        .current()
        .images()
        .forEach((service, image) -> assertThat(runningImage(service)).isEqualTo(image.id()));
    stand
        .database()
        .filter(known -> previous.isPresent())
        .flatMap(DatabaseOnServer::loss)
        .ifPresent(Assertions::fail);
  }

  @Test
  @Order(4)
  void findsNothingToDoTheSecondTime() {
    String before = serverState();
    Outcome outcome = stand.rehearsal().slipway(stand.current(), "deploy");

    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
    assertThat(outcome.text()).contains("Nothing to do");
    assertThat(serverState()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void rollsBackToThePreviousCommit() {
    assumeTrue(previous.isPresent(), "there is no earlier commit of the platform that builds");
    Outcome outcome = stand.rehearsal().slipway(stand.current(), "rollback");

    assertThat(outcome.exitCode())
        .withFailMessage("The way back does not work:\n%s", outcome.text())
        .isZero();
    assertServes(previous.orElseThrow(), before.orElseThrow());
  }

  /**
   * By the version that answers, or where the platform does not tell it, by the image that runs.
   */
  private void assertServes(Candidate candidate, Platform version) {
    String backend = version.backend().name();
    BuiltImage image = Objects.requireNonNull(candidate.images().get(backend));
    Health health = version.health();
    HttpAnswer answer = ask(version);
    assertThat(answer.status()).withFailMessage("%s", answer).isEqualTo(200);
    if (health.tellsVersion()) {
      assertThat(new HealthAnswer(answer, health.versionField()).version())
          .contains(image.version());
    } else {
      assertThat(runningImage(backend)).isEqualTo(image.id());
    }
  }

  private HttpAnswer ask(Platform version) {
    try {
      return new EdgeDoor()
          .get(
              stand.rig().ports(version.entry()),
              version.health().path(),
              version.health().host(),
              ANSWER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String runningImage(String service) {
    return stand
        .rig()
        .onServer("docker", "inspect", "--format", "{{.Image}}", stand.rig().container(service))
        .standardOutput()
        .strip();
  }

  private String serverState() {
    return stand
        .rig()
        .onServer(
            "sh",
            "-c",
            "docker ps -aq --no-trunc | sort; git -C "
                + platform.platform().serverDirectory()
                + " rev-parse HEAD; docker images -q | sort | uniq")
        .standardOutput();
  }
}
