package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Health;
import dev.slipway.platform.Role;
import io.restassured.response.Response;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.testcontainers.containers.GenericContainer;

/**
 * The health endpoint tells the truth: PostgreSQL, Redis and the backend in containers of their
 * own.
 */
@PipelineTest
@Tag("health")
@TestInstance(Lifecycle.PER_CLASS)
class EndpointIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PlatformUnderTest platform;
  private final Health health;
  private final BackendUnderTest backend;

  EndpointIT(PlatformUnderTest platform) {
    this.platform = platform;
    this.health = platform.platform().health();
    this.backend = new BackendUnderTest(platform);
  }

  @AfterAll
  void stop() {
    backend.close();
  }

  @Test
  void saysWellAndWhichVersionRuns() {
    Response answer = backend.awaitStatus(200, platform.startPatience());

    String wanted = platform.images().of(Role.BACKEND).version();
    assertThat(answer.contentType())
        .withFailMessage(
            "%s answers %s, not JSON: a page that cannot tell a version or a broken database is no health endpoint; let it answer JSON with the field \"%s\".",
            health.path(), answer.contentType(), health.versionField())
        .contains("json");
    assumeTrue(
        health.tellsVersion(),
        "slipway.yml says that the answer holds no version, so none is checked");
    String field = health.versionField();
    assertThat(answer.jsonPath().getString(field))
        .withFailMessage(
            "%s says \"%s\": \"%s\", but the image was built from %s with build argument %s; let the endpoint return that argument's value (or name the field with `health.version-field` in slipway.yml).",
            health.path(),
            field,
            answer.jsonPath().getString(field),
            wanted,
            platform.platform().settings().versionArgument())
        .isEqualTo(wanted);
  }

  @Test
  void namesPostgresWhileItIsStoppedAndRecovers() {
    staysHonestAbout(Role.POSTGRES);
  }

  @Test
  void namesRedisWhileItIsStoppedAndRecovers() {
    staysHonestAbout(Role.REDIS);
  }

  private void staysHonestAbout(Role role) {
    GenericContainer<?> service =
        platform
            .rig()
            .service(role)
            .orElseGet(() -> Assumptions.abort("the platform has no " + role.key()));
    String name = platform.platform().service(role).orElseThrow().name();
    String well = backend.awaitStatus(200, platform.startPatience()).asString();
    service.getDockerClient().stopContainerCmd(service.getContainerId()).withTimeout(5).exec();
    try {
      Eventually.within(
          PATIENCE,
          () -> backend.statusNow() != 200,
          () ->
              health.path()
                  + " still answers 200 while "
                  + name
                  + " is stopped: it does not ask "
                  + name
                  + "; let it ask each time (with a time-out) and answer 503 naming "
                  + name
                  + ".");
      Response answer = backend.ask();
      assertThat(new ServiceWords(role, name).tell(well, answer.asString()))
          .withFailMessage(
              "%s answers %d while %s is stopped, but does not say so: %s; name it in the answer, so that whoever is woken knows where to look. While all is well it answers: %s",
              health.path(), answer.statusCode(), name, answer.asString(), well)
          .isTrue();
    } finally {
      service.getDockerClient().startContainerCmd(service.getContainerId()).exec();
    }
    Eventually.within(
        PATIENCE,
        () -> backend.statusNow() == 200,
        () ->
            health.path()
                + " does not recover after "
                + name
                + " is back: "
                + backend.ask().asString()
                + "; let the pool check its connections (for SQLAlchemy: pool_pre_ping=True).");
  }
}
