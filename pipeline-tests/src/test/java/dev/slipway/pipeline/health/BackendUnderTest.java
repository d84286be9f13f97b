package dev.slipway.pipeline.health;

import static io.restassured.RestAssured.given;

import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.Migrator;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import io.restassured.config.HttpClientConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** The backend in a container, started the way its image says, on a migrated database. */
final class BackendUnderTest implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 15_000;
  private static final RestAssuredConfig CONFIG =
      RestAssuredConfig.config()
          .httpClient(
              HttpClientConfig.httpClientConfig()
                  .setParam("http.connection.timeout", TIMEOUT_MILLIS)
                  .setParam("http.socket.timeout", TIMEOUT_MILLIS));

  private final PlatformUnderTest platform;
  private final GenericContainer<?> container;
  private final int port;

  BackendUnderTest(PlatformUnderTest platform) {
    this.platform = platform;
    this.port = port(platform);
    this.container =
        platform
            .rig()
            .backend()
            .withExposedPorts(port)
            .waitingFor(
                new AbstractWaitStrategy() {
                  @Override
                  protected void waitUntilReady() {
                    // Each test waits for what it needs, and then says what it waited for.
                  }
                });
    migrate();
    container.start();
  }

  private static int port(PlatformUnderTest platform) {
    return platform
        .engine()
        .content(platform.images().name(Role.BACKEND))
        .exposedPort()
        .orElseGet(
            () ->
                platform.platform().backend().containerPorts().stream()
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new AssertionError(
                                "Nothing says on which port the backend listens; write `EXPOSE 8000` into its Dockerfile.")));
  }

  private void migrate() {
    Migrator migrator = new Migrator(platform, platform.rig().database());
    migrator.require("upgrade", "head");
  }

  /**
   * Asks the health endpoint once; no answer at all counts as status 0 never: the failure is
   * thrown.
   */
  Response ask() {
    return given()
        .config(CONFIG)
        .baseUri("http://" + container.getHost())
        .port(container.getMappedPort(port))
        .get(platform.platform().health().path());
  }

  Response awaitStatus(int status, Duration patience) {
    Eventually.within(
        patience,
        () -> {
          if (!container.isRunning()) {
            throw new AssertionError(
                "The backend stopped at start-up. Its last words:\n" + container.getLogs());
          }
          return statusNow() == status;
        },
        () ->
            platform.platform().health().path()
                + " does not answer "
                + status
                + ". The backend's last words:\n"
                + container.getLogs());
    return ask();
  }

  /** The status now; 0 while nothing answers. */
  int statusNow() {
    try {
      return ask().statusCode();
    } catch (Exception e) {
      // REST Assured throws the client's checked exceptions without declaring them.
      return 0;
    }
  }

  @Override
  public void close() {
    container.stop();
  }
}
