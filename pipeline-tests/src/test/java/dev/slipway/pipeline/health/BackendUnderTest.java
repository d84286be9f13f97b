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

/** The backend in a container, started the way production starts it, on a migrated database. */
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
    platform.requirePostgres();
    this.port =
        platform
            .rig()
            .backendPort()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "Nothing says on which port the backend listens; write `EXPOSE 8000` into its Dockerfile."));
    this.container =
        platform.rig().backend(platform.images().name(Role.BACKEND)).withExposedPorts(port);
    migrate();
    container.start();
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
