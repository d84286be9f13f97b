package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Pauses.At.after;
import static dev.slipway.pipeline.rehearsal.Pauses.At.before;
import static dev.slipway.pipeline.rehearsal.Pauses.At.during;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import dev.slipway.pipeline.rehearsal.Fault.Wanted;
import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Every fault that {@link FaultsIT} makes, in the order of {@code docs/faults.md}. */
final class Faults {

  private static final String CHAIN = "docker run .*iptables-restore -w";
  private static final Strike NOTHING = scene -> {};

  private Faults() {}

  /** All of them. */
  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>();
    stepsOfAFreshRelease()
        .forEach((moment, at) -> faults.add(killed("kill -9", moment, at, Wanted.FRESH)));
    momentsOfASwap()
        .forEach((moment, at) -> faults.add(killed("kill -9", moment, at, Wanted.KNOWN)));
    faults.add(
        killed(
            "kill -9",
            "the old container is stopping",
            during("docker stop "),
            Wanted.AFTER_ONE_THAT_STOPS_SLOWLY));
    faults.add(
        at(
            "kill -9",
            "migrating",
            during("compose.* run "),
            Wanted.MIGRATING,
            scene -> {
              awaitTheMigration(scene);
              scene.process().signal("KILL");
            },
            NOTHING));
    momentsForASignal()
        .forEach((moment, at) -> faults.add(killed("SIGTERM", moment, at, Wanted.KNOWN)));
    faults.add(
        killed(
            "SIGTERM",
            "the old container is stopping",
            during("docker stop "),
            Wanted.AFTER_ONE_THAT_STOPS_SLOWLY));
    faults.addAll(ofTheConnection());
    faults.addAll(ofTheRegistry());
    faults.addAll(ofTheServer());
    return List.copyOf(faults);
  }

  private static Map<String, At> stepsOfAFreshRelease() {
    Map<String, At> moments = new LinkedHashMap<>();
    moments.put("before the fetch", before("git .*fetch"));
    moments.put("logged in to the registry", after("docker login").number(2));
    moments.put("pulled", after("docker pull"));
    moments.put("checked out", after("git .*checkout"));
    return moments;
  }

  private static Map<String, At> momentsOfASwap() {
    Map<String, At> moments = new LinkedHashMap<>();
    moments.put("compose's own second container stands there", after("compose.* --scale"));
    moments.put("the new container is created", after("docker system dial-stdio"));
    moments.put("it is started", after("docker start "));
    moments.put("it is well, the edge not yet switched", before(CHAIN).number(3));
    moments.put("the edge is switched", after(CHAIN).number(3));
    moments.put("the old container drains", before("docker run .*/proc/net/tcp"));
    moments.put("it is stopped", after("docker stop "));
    moments.put("it is removed", after("docker rm --force --volumes").number(2));
    moments.put("the new one has its name", after("docker rename"));
    moments.put("the rules are gone", after("docker run .*-X SLIPWAY"));
    moments.put("the swap has ended", after("rm -f .*/swap"));
    moments.put("the gate is passed", before("mv .*env.slipway"));
    moments.put("one of two variables is recorded", after("mv .*env.slipway"));
    moments.put("the ledger is written", before("rm -rf .*/lock"));
    return moments;
  }

  private static Map<String, At> momentsForASignal() {
    Map<String, At> moments = new LinkedHashMap<>();
    moments.put("before the checkout", before("git .*checkout"));
    moments.put("compose's own second container stands there", after("compose.* --scale"));
    moments.put("the new container is created", after("docker system dial-stdio"));
    moments.put("it is started", after("docker start "));
    moments.put("it is well, the edge not yet switched", before(CHAIN).number(3));
    moments.put("the old container drains", before("docker run .*/proc/net/tcp"));
    moments.put("it is stopped", after("docker stop "));
    moments.put("the new one has its name", after("docker rename"));
    moments.put("the gate is passed", before("mv .*env.slipway"));
    return moments;
  }

  private static Fault killed(String name, String moment, At at, Wanted wanted) {
    String signal = name.equals("SIGTERM") ? "TERM" : "KILL";
    return at(name, moment, at, wanted, scene -> scene.process().signal(signal), NOTHING);
  }

  private static Fault at(
      String name, String moment, At at, Wanted wanted, Strike strike, Strike repair) {
    return new Fault(name, moment, Optional.of(at), wanted, strike, repair, false);
  }

  private static Fault fromTheStart(
      String name, String moment, Wanted wanted, Strike strike, Strike repair) {
    return new Fault(name, moment, Optional.empty(), wanted, strike, repair, false);
  }

  private static List<Fault> ofTheConnection() {
    AtomicReference<SlowLine> line = new AtomicReference<>();
    return List.of(
        fromTheStart(
            "SSH slow: 150 ms more each way",
            "all the time",
            Wanted.KNOWN,
            scene -> line.set(slowed(scene.variables())),
            scene -> line.get().close()),
        at(
            "SSH cut: packets dropped",
            "the new container is started",
            after("docker start "),
            Wanted.KNOWN,
            Faults::cut,
            Faults::uncut),
        at(
            "SSH cut: packets dropped",
            "the old container is stopped",
            after("docker stop "),
            Wanted.KNOWN,
            Faults::cut,
            Faults::uncut),
        at(
            "a second deployment",
            "the new container is started",
            after("docker start "),
            Wanted.KNOWN,
            Faults::deployAsWell,
            NOTHING));
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

  private static void cut(Scene scene) {
    scene.production().onServer("iptables -I INPUT -p tcp --dport 22 -j DROP");
    scene.pauses().release();
  }

  private static void uncut(Scene scene) {
    scene.production().onServer("iptables -D INPUT -p tcp --dport 22 -j DROP");
  }

  private static void deployAsWell(Scene scene) {
    Production production = scene.production();
    assertThat(production.slipway(production.good(), "deploy").exitCode()).isEqualTo(6);
    scene.pauses().release();
  }

  private static List<Fault> ofTheRegistry() {
    return List.of(
        fromTheStart(
            "registry without its storage",
            "at the push",
            Wanted.FRESH,
            scene -> inRegistry(scene, "mv docker docker.away && touch docker"),
            scene -> inRegistry(scene, "rm docker && mv docker.away docker")),
        at(
            "registry out of reach",
            "at the pull",
            before("docker pull"),
            Wanted.FRESH,
            scene -> onServer(scene, "pkill -f '^socat TCP-LISTEN'"),
            scene ->
                scene
                    .production()
                    .onServer(
                        "setsid socat TCP-LISTEN:PORT,bind=127.0.0.1,fork,reuseaddr TCP:registry:5000"
                                .replace("PORT", registryPort(scene.production()))
                            + " </dev/null >/dev/null 2>&1 &")),
        at(
            "login expired",
            "at the pull",
            before("docker login").number(2),
            Wanted.FRESH,
            scene -> {
              inRegistry(scene, "cp /htpasswd /htpasswd.away && echo > /htpasswd");
              scene.pauses().release();
            },
            scene -> inRegistry(scene, "cp /htpasswd.away /htpasswd")),
        at(
            "image gone from the registry",
            "at the pull",
            before("docker pull"),
            Wanted.FRESH,
            scene -> {
              inRegistry(scene, "mv docker docker.away && mkdir docker");
              scene.pauses().release();
            },
            scene -> inRegistry(scene, "rm -r docker && mv docker.away docker")));
  }

  private static void inRegistry(Scene scene, String script) {
    CommandResult done =
        scene
            .production()
            .rig()
            .docker(
                "exec",
                scene.production().rig().name() + "-registry",
                "sh",
                "-c",
                "cd /var/lib/registry && " + script);
    assertThat(done.succeeded()).withFailMessage("%s: %s", script, done.tail(3)).isTrue();
  }

  private static String registryPort(Production production) {
    return production.variable("REGISTRY").replaceFirst("^[^:]*:(\\d+)/.*", "$1");
  }

  private static List<Fault> ofTheServer() {
    String ledger = "/opt/platform-v2/.slipway/ledger.jsonl";
    return List.of(
        at(
            "disk full",
            "at the pull",
            before("docker pull"),
            Wanted.FRESH,
            scene -> onServer(scene, "mount -t tmpfs -o size=4k tmpfs /var/lib/docker/tmp"),
            scene -> scene.production().onServer("umount /var/lib/docker/tmp")),
        at(
            "disk full",
            "at the ledger",
            before("mv .*env.slipway").number(2),
            Wanted.KNOWN,
            scene ->
                onServer(
                    scene, "mv FILE FILE.away && ln -s /dev/full FILE".replace("FILE", ledger)),
            scene -> scene.production().onServer("mv FILE.away FILE".replace("FILE", ledger))),
        fromTheStart("out of memory", "the new container", Wanted.STARVED, NOTHING, NOTHING),
        fromTheStart(
            "clock an hour ahead",
            "on the server",
            Wanted.KNOWN,
            scene ->
                scene
                    .production()
                    .onServer(
                        "printf '#!/bin/sh\\nexec /usr/bin/date --date=1hour \"$@\"\\n' > /usr/local/bin/date;"
                            + " chmod 755 /usr/local/bin/date"),
            scene -> scene.production().onServer("rm /usr/local/bin/date")),
        rebooted("the new container is started", after("docker start ")),
        rebooted("the edge is switched", after(CHAIN).number(3)),
        rebooted("the old container is stopped", after("docker stop ")),
        new Fault(
            "postgres restarted",
            "migrating",
            Optional.of(during("compose.* run ")),
            Wanted.MIGRATING,
            scene -> {
              awaitTheMigration(scene);
              onServer(scene, "docker restart " + scene.production().container("postgres"));
            },
            NOTHING,
            true));
  }

  private static void awaitTheMigration(Scene scene) {
    SlipwayProcess process = scene.process();
    Eventually.within(
        Duration.ofMinutes(1), () -> process.text().contains("Running upgrade"), process::text);
  }

  private static Fault rebooted(String moment, At at) {
    return new Fault(
        "server rebooted",
        moment,
        Optional.of(at),
        Wanted.KNOWN,
        scene -> scene.production().rig().reboot(),
        NOTHING,
        true);
  }

  private static void onServer(Scene scene, String script) {
    scene.production().onServer(script);
    scene.pauses().release();
  }
}
