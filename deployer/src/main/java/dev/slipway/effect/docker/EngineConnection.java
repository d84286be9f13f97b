package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.slipway.RootCause;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an engine, in a version of the API that it speaks.
 *
 * @param client asks the engine
 * @param address where it answers
 */
record EngineConnection(DockerClient client, URI address) {

  private static final Logger LOG = LoggerFactory.getLogger(EngineConnection.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  /** Connects as {@code DOCKER_HOST} and its like say, or refuses with the fix. */
  static EngineConnection open() {
    DockerClientConfig config = configuration(RemoteApiVersion.UNKNOWN_VERSION);
    Version answered = ask(config);
    String api = EngineApi.choose(config.getDockerHost(), answered);
    LOG.debug(
        "Docker Engine {} at {} speaks API {} to {}; asked in {}",
        answered.getVersion(),
        config.getDockerHost(),
        answered.getMinAPIVersion(),
        answered.getApiVersion(),
        api);
    DockerClientConfig chosen = configuration(RemoteApiVersion.parseConfig(api));
    return new EngineConnection(
        DockerClientImpl.getInstance(chosen, InterruptibleTransport.around(http(chosen).build())),
        chosen.getDockerHost());
  }

  private static DockerClientConfig configuration(RemoteApiVersion api) {
    try {
      DockerClientConfig config =
          DefaultDockerClientConfig.createDefaultConfigBuilder().withApiVersion(api).build();
      if (config.getDockerHost().getScheme() == null) {
        throw new IllegalArgumentException(
            config.getDockerHost() + " does not begin with unix:// or tcp://");
      }
      return config;
    } catch (RuntimeException e) {
      throw SlipwayException.refused(
          "No Docker Engine can be asked: " + RootCause.said(e) + ".",
          "Correct DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH and DOCKER_CONTEXT, or unset them.");
    }
  }

  /** Asks without a version, which every engine answers, however old or new. */
  private static Version ask(DockerClientConfig config) {
    try (DockerClient client =
        DockerClientImpl.getInstance(
            config,
            http(config).connectionTimeout(ANSWER_WITHIN).responseTimeout(ANSWER_WITHIN).build())) {
      return client.versionCmd().exec();
    } catch (RuntimeException e) {
      String why = RootCause.said(e);
      throw SlipwayException.refused(
          "No Docker Engine answers at " + config.getDockerHost() + ": " + why + ".",
          why.contains("Permission denied")
              ? "Add this user to the group docker and log in again: `usermod -aG docker USER`."
              : "Run `bin/setup`, which installs and starts one, or start yours; DOCKER_HOST names another.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ZerodepDockerHttpClient.Builder http(DockerClientConfig config) {
    return new ZerodepDockerHttpClient.Builder()
        .dockerHost(config.getDockerHost())
        .sslConfig(config.getSSLConfig());
  }
}
