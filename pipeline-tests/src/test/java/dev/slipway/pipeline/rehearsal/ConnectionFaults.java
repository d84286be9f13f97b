package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Fault.Wanted.FRESH;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.KNOWN;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.MIGRATING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import dev.slipway.pipeline.rehearsal.Fault.Wanted;
import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The connection is slow, silent or gone, or somebody else comes over another one. */
final class ConnectionFaults {

  private static final Strike RELEASE = scene -> scene.pauses().release();

  private ConnectionFaults() {}

  static List<Fault> all() {
    AtomicReference<SlowLine> line = new AtomicReference<>();
    return List.of(
        Fault.fromTheStart(
                "SSH delayed by 150 ms each way",
                "all the time",
                KNOWN,
                scene -> line.set(slowed(scene.variables())))
            .mendedBy(scene -> Objects.requireNonNull(line.get()).close()),
        silent("before the pull", FRESH, Moments.BEFORE_THE_LOGIN),
        silent("migrating", MIGRATING, Moments.MIGRATING),
        silent("the new container is started", KNOWN, Moments.STARTED),
        silent("the old container is stopped", KNOWN, Moments.STOPPED),
        gone("the new container is started", Moments.STARTED),
        gone("the edge is switched", Moments.SWITCHED),
        gone("the gate is passed", Moments.PASSED),
        Fault.at(
            "a second deployment",
            "the new container is started",
            KNOWN,
            Moments.STARTED,
            ((Strike) ConnectionFaults::deployAsWell).then(RELEASE)));
  }

  private static Fault silent(String moment, Wanted wanted, At at) {
    return Fault.at(
            "SSH cut: packets dropped",
            moment,
            wanted,
            at,
            ((Strike) scene -> drop(scene, "-I")).then(RELEASE))
        .mendedBy(scene -> drop(scene, "-D"));
  }

  private static Fault gone(String moment, At at) {
    return Fault.at(
        "SSH cut: connection reset",
        moment,
        KNOWN,
        at,
        ((Strike) scene -> scene.onServer("pkill -9 -u deploy sshd")).then(RELEASE));
  }

  private static void drop(Scene scene, String what) {
    scene.onServer("iptables " + what + " INPUT -p tcp --dport 22 -j DROP");
  }

  private static SlowLine slowed(Map<String, String> variables) {
    String host = variables.getOrDefault("PROD_SERVER_HOST", "");
    String port = variables.getOrDefault("PROD_SERVER_PORT", "");
    SlowLine line = new SlowLine(host, Integer.parseInt(port), Duration.ofMillis(150));
    String keys = variables.getOrDefault("PROD_SSH_KNOWN_HOSTS", "");
    try {
      variables.put(
          "PROD_SSH_KNOWN_HOSTS",
          Files.readString(Path.of(keys))
              .replace("]:" + port + " ", "]:" + line.localPort() + " "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    variables.put("PROD_SERVER_PORT", String.valueOf(line.localPort()));
    return line;
  }

  private static void deployAsWell(Scene scene) {
    Production production = scene.production();
    assertThat(production.slipway(production.good(), "deploy").exitCode()).isEqualTo(6);
  }
}
