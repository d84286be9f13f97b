package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deployments to servers of other kinds than the one that every merge request rehearses on. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
class OtherServersIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();

  @Test
  void deploysAndRollsBackWithTheSecondGenerationOfCompose() {
    try (Production production = production("compose-v2", new Server("trixie", "deploy"))) {
      assertThat(production.onServer("docker compose version --short")).matches("v?[2-9].*");
      deployTwiceAndRollBack(production);
      keepsWhatIsInAVolumeWithoutAName(production);
    }
  }

  /** The second generation names such volumes to the engine in another way than the first. */
  private static void keepsWhatIsInAVolumeWithoutAName(Production production) {
    String grace = "    stop_grace_period: 30s\n";
    Map<String, String> compose =
        production
            .releases()
            .changed("docker-compose.prod.yml", grace, grace + "    volumes: [/tmp/uploads]\n");
    Map<String, String> more = new HashMap<>(compose);
    more.put("backend/app/more.py", "MORE = 2\n");
    Candidate before = production.candidate(production.releases().with("Take uploads", compose));
    Candidate after = production.candidate(production.releases().with("Say still more", more));

    production.succeed(before, "deploy");
    production.onServer(
        "docker exec --user root "
            + production.container("backend")
            + " sh -c 'echo kept > /tmp/uploads/kept'");
    production.succeed(after, "deploy");

    assertThat(
            production.onServer(
                "docker exec " + production.container("backend") + " cat /tmp/uploads/kept"))
        .isEqualTo("kept");
    assertThat(production.succeed(after, "deploy").text()).contains("Nothing to do");
  }

  @Test
  void deploysAndRollsBackAsRoot() {
    try (Production production = production("root", new Server("bookworm", "root"))) {
      deployTwiceAndRollBack(production);
      assertThat(production.onServer("stat -c %U /opt/platform-v2/.slipway/ledger.jsonl"))
          .isEqualTo("root");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bookworm", "trixie"})
  void deploysAndRollsBackWhereDockerRunsBySudoAlone(String variant) {
    try (Production production = production("sudo-" + variant, new Server(variant, "sudoer"))) {
      assertThat(production.succeed(production.good(), "doctor").text())
          .containsPattern("ok +docker +Engine .*, by sudo");
      deployTwiceAndRollBack(production);
      assertThat(production.onServer("find /opt/platform-v2 ! -user sudoer")).isEmpty();
    }
  }

  @Test
  void sendsImagesThroughSshToAnEngineThatKeepsThemInContainerd() {
    try (Production production = production("containerd", new Server("trixie", "deploy"))) {
      production.onServer(
          "sed -i 's/overlay2/overlayfs/; s/^{/{\"features\": {\"containerd-snapshotter\": true}, /' /etc/docker/daemon.json;"
              + " pkill -x dockerd; until docker info 2>/dev/null | grep -q containerd.snapshotter; do sleep 0.2; done");
      Candidate good = production.good();
      Candidate next =
          production.candidate(
              production.releases().with("Say more", Map.of("backend/app/more.py", "MORE = 1\n")));

      production.succeed(good, "deploy", "--transfer", "ssh");
      Outcome outcome = production.succeed(next, "deploy", "--transfer", "ssh");

      assertThat(outcome.text()).containsPattern("not on the server: [12] of \\d+ layers");
      assertThat(production.servedVersion()).isEqualTo(next.commit());
      production.succeed(next, "rollback");
      assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    }
  }

  private static void deployTwiceAndRollBack(Production production) {
    Candidate good = production.good();
    Candidate next =
        production.candidate(
            production.releases().with("Say more", Map.of("backend/app/more.py", "MORE = True\n")));

    production.serveGood();
    production.succeed(next, "deploy");
    assertThat(production.servedVersion()).isEqualTo(next.commit());
    production.succeed(next, "rollback");

    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    assertThat(production.ledger())
        .containsExactly(
            "DEPLOY SERVING " + good.commit(),
            "DEPLOY SERVING " + next.commit(),
            "ROLLBACK SERVING " + good.commit());
    assertThat(production.locked()).isFalse();
  }

  private static Production production(String name, Server server) {
    return new Production(ROOT, ROOT.resolve("target/slipway/scratch").resolve(name), server);
  }
}
