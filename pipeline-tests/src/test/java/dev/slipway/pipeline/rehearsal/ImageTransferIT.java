package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images on their way to a server that the registry is out of reach of, and off it again. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ImageTransferIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Pattern SENT = Pattern.compile("sent .* MB \\((\\d+) bytes\\)");

  /** At the front of the path, and broken: pulls of a backend cut the connection that asks. */
  private static final String CUT =
      "printf '#!/bin/sh\\ncase \"$*\" in *pull*/backend@*) pkill -9 -u deploy sshd ;; esac;"
          + " exec /usr/bin/docker \"$@\"\\n' > /usr/local/bin/docker; chmod 755 /usr/local/bin/docker";

  private final Production production =
      new Production(ROOT, ROOT.resolve("target/slipway/scratch/transfer"), Server.usual());
  private final List<Candidate> served = new ArrayList<>();

  @AfterAll
  void stop() {
    production.close();
  }

  /** Text that gzip makes a quarter smaller, and no more. */
  private static String noise(int seed, int bytes) {
    byte[] random = new byte[bytes];
    new Random(seed).nextBytes(random);
    return Base64.getMimeEncoder().encodeToString(random);
  }

  private Candidate release(String title, String... files) {
    Map<String, String> all = SampleReleases.all(Map.of("slipway.yml", "images: {keep: 1}\n"));
    for (int i = 0; i < files.length; i += 2) {
      all.put(files[i], files[i + 1]);
    }
    return production.candidate(production.releases().with(title, all));
  }

  private static long sent(Outcome outcome) {
    Matcher matcher = SENT.matcher(outcome.text());
    long bytes = 0;
    while (matcher.find()) {
      bytes += Long.parseLong(matcher.group(1));
    }
    return bytes;
  }

  private void closeTheWayToTheRegistry() {
    String registry = production.variable("REGISTRY");
    String port = registry.substring(registry.indexOf(':') + 1, registry.indexOf('/'));
    production.onServer("kill $(pgrep -f '^socat TCP-LISTEN:" + port + "')");
  }

  /** The bytes of the layers that one release's backend has and the other's has not. */
  private long changed(Candidate from, Candidate to) {
    List<String> before = new ArrayList<>();
    Json.tree(production.manifest("GET", "backend", from.commit()).asString())
        .path("layers")
        .forEach(layer -> before.add(layer.path("digest").asText()));
    long bytes = 0;
    for (var layer :
        Json.tree(production.manifest("GET", "backend", to.commit()).asString()).path("layers")) {
      if (!before.contains(layer.path("digest").asText())) {
        bytes += layer.path("size").asLong();
      }
    }
    return bytes;
  }

  @Test
  @Order(1)
  void sendsOnlyLayersThatAreMissingThroughSsh() {
    production.serveGood();
    closeTheWayToTheRegistry();
    Candidate next = release("Change code", "backend/app/noise.py.txt", noise(1, 3_000_000));

    assertThat(production.succeed(next, "plan").text())
        .containsPattern(
            "send backend \\S+/backend:\\S+ through SSH \\(not on the server;"
                + " the server does not reach localhost:\\d+ \\(.*connection refused\\)\\)");
    Outcome outcome = production.succeed(next, "deploy");

    long changed = changed(production.good(), next);
    assertThat(sent(outcome)).isBetween(changed, changed * 105 / 100);
    assertThat(changed).isGreaterThan(2_000_000);
    assertThat(production.servedVersion()).isEqualTo(next.commit());
    assertThat(
            production.onServer(
                "docker image inspect --format '{{.RepoDigests}}' $(docker inspect --format '{{.Image}}' "
                    + production.container("backend")
                    + ")"))
        .contains("@" + production.digest("backend", next.commit()).orElseThrow());
    assertThat(production.onServer("docker images --format '{{.Repository}}:{{.Tag}}'"))
        .contains("/backend:" + next.commit());
    assertThat(production.onServer("docker ps --format '{{.Image}}'"))
        .contains("/backend:" + next.commit());
    served.add(next);
  }

  @Test
  @Order(2)
  void doesNotSendAgainWhatHadArrivedBeforeTheConnectionWasCut() {
    Candidate large =
        release(
            "Change much",
            "backend/migrations/noise.txt",
            noise(2, 14_000_000),
            "backend/app/noise.py.txt",
            noise(3, 2_000_000));
    production.onServer(CUT);

    Outcome cut = production.slipway(large, "deploy");

    production.onServer("rm /usr/local/bin/docker");
    production.slipway(large, "unlock", "--force");
    assertThat(cut.exitCode()).withFailMessage("%s", cut.text()).isNotZero();
    assertThat(production.onServer("docker images --digests --format '{{.Repository}}'"))
        .contains("/slipway/part");
    assertThat(production.servedVersion()).isEqualTo(served.get(0).commit());

    Outcome again = production.succeed(large, "deploy");

    long changed = changed(served.get(0), large);
    assertThat(changed).isGreaterThan(11_000_000);
    assertThat(sent(again)).isBetween(1L, 4_000_000L);
    assertThat(production.servedVersion()).isEqualTo(large.commit());
    served.add(large);
  }

  @Test
  @Order(3)
  void keepsTheImagesOfTheReleasesThatSlipwayYmlSays() {
    Candidate last = release("Change again", "backend/app/NOTES", "Nothing new.\n");
    production.onServer("docker tag postgres:15 keep/me:1");

    Outcome outcome = production.succeed(last, "deploy");
    served.add(last);

    assertThat(outcome.text())
        .containsPattern("remove .*/backend:" + served.get(0).commit())
        .containsPattern("removed \\d+ images?, freed \\d+\\.\\d MB");
    assertThat(production.onServer("docker images --digests --format '{{.Repository}}:{{.Tag}}'"))
        .contains("/backend:" + last.commit(), "/backend:" + served.get(1).commit())
        .contains("keep/me:1", "postgres:15", "redis:")
        .doesNotContain(
            "/backend:" + served.get(0).commit(),
            "/backend:" + production.good().commit(),
            "slipway/part");
  }

  @Test
  @Order(4)
  void rollsBackWhileTheRegistryIsStopped() {
    production.rig().docker("stop", "--time", "1", production.rig().name() + "-registry");

    Outcome back = production.succeed(served.get(2), "rollback");

    assertThat(back.text()).contains("The tag :latest stays where it is: ");
    assertThat(production.servedVersion()).isEqualTo(served.get(1).commit());
  }

  @Test
  @Order(5)
  void saysWhichImageIsMissingForARollbackWhileTheRegistryIsStopped() {
    Outcome back =
        production.slipway(served.get(2), "rollback", "--to", production.good().commit());

    assertThat(back.exitCode()).isEqualTo(2);
    assertThat(back.text())
        .contains(
            "Not on the server, and not to be had: the image of backend (",
            "The server does not reach localhost:",
            "does not answer here");
    assertThat(production.servedVersion()).isEqualTo(served.get(1).commit());
  }

  private long registries() {
    return production
        .rig()
        .docker("ps", "--all", "--format", "{{.Image}} {{.Labels}}")
        .standardOutput()
        .lines()
        .filter(line -> line.startsWith("registry:2.8 "))
        .filter(line -> line.contains("dev.slipway.pid=" + ProcessHandle.current().pid()))
        .count();
  }

  @Test
  @Order(6)
  void deploysWithoutAnyRegistry() {
    Candidate alone = release("Go without", "backend/app/NOTES", "No registry.\n");
    Map<String, String> variables = production.variables(alone);
    variables.keySet().removeIf(name -> name.startsWith("REGISTRY"));
    long before = registries();

    Outcome outcome = production.slipway(alone, variables, "deploy", "--transfer", "ssh");

    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
    assertThat(outcome.text())
        .contains("No registry is configured", "through SSH", "as images.transfer says");
    assertThat(production.servedVersion()).isEqualTo(alone.commit());
    assertThat(production.onServer("docker ps --format '{{.Image}}'"))
        .contains("slipway.local/backend:" + alone.commit());
    assertThat(registries()).as("a registry of its own is gone again").isEqualTo(before);

    Candidate next = release("Go on without", "backend/app/NOTES", "Still none.\n");
    variables.put("SLIPWAY_ROOT", next.directory().toString());
    variables.put("SLIPWAY_OUTPUT", next.output().toString());
    Outcome second = production.slipway(next, variables, "deploy", "--transfer", "ssh");

    assertThat(second.exitCode()).withFailMessage("%s", second.text()).isZero();
    assertThat(sent(second)).isLessThan(200_000);
    assertThat(Objects.requireNonNull(production.servedVersion())).isEqualTo(next.commit());
  }
}
