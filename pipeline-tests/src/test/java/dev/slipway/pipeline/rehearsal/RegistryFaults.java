package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Fault.Wanted.FRESH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import java.util.List;

/** The registry stops, cannot be reached, lets nobody in, or has something else. */
final class RegistryFaults {

  private static final Strike RELEASE = scene -> scene.pauses().release();

  /** A byte more in the manifest of the image that is to be pulled; its text stays valid. */
  private static final String TAMPER =
      "digest=$(cat docker/registry/v2/repositories/platform-v2/backend/_manifests/tags/COMMIT/current/link)"
          + " && digest=${digest#sha256:} && cd docker/registry/v2/blobs/sha256/??/$digest"
          + " && cp data /tmp/data.away && echo \"$PWD\" > /tmp/data.place && echo >> data";

  private RegistryFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.at(
                "registry stopped",
                "in the push",
                FRESH,
                Moments.SEEN_BEFORE_THE_PUSH,
                ((Strike) RegistryFaults::freeze)
                    .then(Moments.said("Pushing "))
                    .then(RegistryFaults::stop))
            .mendedBy(RegistryFaults::start),
        Fault.at(
                "registry stopped",
                "in the pull",
                FRESH,
                Moments.BEFORE_THE_PULL,
                ((Strike) RegistryFaults::freezeInThePull).then(RegistryFaults::stop))
            .mendedBy(RegistryFaults::start),
        Fault.fromTheStart(
                "registry has lost its storage",
                "at the push",
                FRESH,
                scene -> inRegistry(scene, "mv docker docker.away && touch docker"))
            .mendedBy(scene -> inRegistry(scene, "rm docker && mv docker.away docker")),
        whilePulling(
            "registry out of reach of the server",
            scene -> scene.onServer("kill $(pgrep -f '^socat TCP-LISTEN')"),
            RegistryFaults::reachAgain),
        Fault.fromTheStart("registry token expired", "at the start", FRESH, RegistryFaults::expire)
            .mendedBy(RegistryFaults::renew),
        Fault.at(
                "registry token expired",
                "at the pull",
                FRESH,
                Moments.BEFORE_THE_LOGIN,
                ((Strike) RegistryFaults::expire).then(RELEASE))
            .mendedBy(RegistryFaults::renew),
        whilePulling(
            "image gone from the registry",
            scene -> inRegistry(scene, "mv docker docker.away && mkdir docker"),
            scene -> inRegistry(scene, "rm -r docker && mv docker.away docker")),
        whilePulling(
            "image with another digest",
            scene -> inRegistry(scene, TAMPER.replace("COMMIT", scene.wanted().commit())),
            scene -> inRegistry(scene, "mv /tmp/data.away \"$(cat /tmp/data.place)/data\"")));
  }

  private static Fault whilePulling(String name, Strike strike, Strike repair) {
    return Fault.at(name, "at the pull", FRESH, Moments.BEFORE_THE_PULL, strike.then(RELEASE))
        .mendedBy(repair);
  }

  private static void expire(Scene scene) {
    inRegistry(scene, "cp /htpasswd /htpasswd.away && echo > /htpasswd");
  }

  private static void renew(Scene scene) {
    inRegistry(scene, "cp /htpasswd.away /htpasswd");
  }

  private static void reachAgain(Scene scene) {
    scene.onServer(
        "setsid socat TCP-LISTEN:PORT,bind=127.0.0.1,fork,reuseaddr TCP:registry:5000"
                .replace("PORT", registryPort(scene.production()))
            + " </dev/null >/dev/null 2>&1 &");
  }

  private static String registryPort(Production production) {
    return production.variable("REGISTRY").replaceFirst("^[^:]*:(\\d+)/.*", "$1");
  }

  private static String registry(Scene scene) {
    return scene.production().rig().name() + "-registry";
  }

  private static void inRegistry(Scene scene, String script) {
    docker(scene, "exec", registry(scene), "sh", "-c", "cd /var/lib/registry && " + script);
  }

  private static void docker(Scene scene, String... words) {
    CommandResult done = scene.production().rig().docker(words);
    assertThat(done.succeeded())
        .withFailMessage("%s: %s", String.join(" ", words), done.tail(3))
        .isTrue();
  }

  /** What asks it has a connection, and no answer. */
  static void freeze(Scene scene) {
    docker(scene, "pause", registry(scene));
  }

  /** Lets the held pull go on, to a registry that does not answer any more. */
  static void freezeInThePull(Scene scene) {
    freeze(scene);
    scene.pauses().release();
    scene.onServer(
        "until pgrep -f '^/usr/bin/docker pull' && pgrep -f '^socat .*TCP:registry' | sed 1d | grep -q .;"
            + " do sleep 0.05; done");
  }

  static void thaw(Scene scene) {
    docker(scene, "unpause", registry(scene));
  }

  private static void stop(Scene scene) {
    docker(scene, "kill", registry(scene));
  }

  private static void start(Scene scene) {
    docker(scene, "start", registry(scene));
  }
}
