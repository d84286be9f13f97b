package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Bad input and unfit servers: each gets one message that says what, where and what to do, a
 * documented exit code, and leaves the server as it was.
 */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class BadInputIT {

  private static final String AWAY =
      "for program in %s; do [ ! -e $program ] || mv $program $program.away; done";
  private static final String BACK =
      "for program in %s; do [ ! -e $program.away ] || mv $program.away $program; done";
  private static final String NO_SUCH_IMAGE = "sha256:" + "0".repeat(64);

  private final Production production;
  private final Candidate next;

  BadInputIT(Production production) {
    this.production = production;
    this.next =
        production.candidate(
            production
                .releases()
                .with("Reword the read-me", Map.of("backend/app/NOTES", "Nothing new.\n")));
  }

  @BeforeAll
  void serveTheGoodReleaseAndPublishTheNext() {
    production.serveGood();
    production.succeed(next, "release");
  }

  // The verdict.

  @Test
  void refusesACommitWithoutVerdict() {
    expectRefusal(production.unjudged(next), "There is no verdict", "Run `mvn verify`");
  }

  @Test
  void refusesARedVerdict() {
    Candidate red =
        production.judged(
            next,
            verdict ->
                new Verdict(
                    verdict.commit(),
                    true,
                    verdict.platform(),
                    false,
                    verdict.images(),
                    verdict.schemaRevision(),
                    List.of(new SuiteResult("health", "EndpointIT", 3, 1, 0, 0)),
                    verdict.finishedAt()));
    expectRefusal(red, "is red: EndpointIT", "Mend what the suites report");
  }

  @Test
  void refusesAVerdictOfAnotherCommit() {
    Candidate other =
        production.judged(
            production.good(),
            verdict -> withImages(verdict, next.commit(), UnaryOperator.identity()));
    expectRefusal(
        other,
        "The verdict is about commit " + next.commit().substring(0, 12),
        "Run `mvn verify` on this commit");
  }

  @Test
  void refusesAVerdictOfImagesThatAreNotHere() {
    Candidate other =
        production.judged(
            next,
            verdict ->
                withImages(
                    verdict,
                    verdict.commit(),
                    image -> new BuiltImage(NO_SUCH_IMAGE, image.version())));
    expectRefusal(other, NO_SUCH_IMAGE + ", is not on this machine", "Run `mvn verify` here");
  }

  @Test
  void refusesAGarbledVerdict() throws IOException {
    Candidate garbled = production.unjudged(next);
    Files.writeString(garbled.output().resolve("verdict.json"), "{\"commit\": ");
    expectRefusal(garbled, "verdict.json cannot be read", "Run `mvn verify`");
  }

  @Test
  void refusesADirtyCheckout() throws IOException {
    Path edit = next.directory().resolve("backend/app/main.py");
    String before = Files.readString(edit);
    Files.writeString(edit, before + "\n# a thought\n");
    try {
      expectRefusal(next, "uncommitted changes: M backend/app/main.py", "Commit or stash them");
    } finally {
      Files.writeString(edit, before);
    }
  }

  private static Verdict withImages(
      Verdict verdict, String commit, UnaryOperator<BuiltImage> change) {
    Map<String, BuiltImage> images = new HashMap<>(verdict.images());
    images.replaceAll((service, image) -> change.apply(image));
    return new Verdict(
        commit,
        true,
        verdict.platform(),
        true,
        images,
        verdict.schemaRevision(),
        verdict.suites(),
        verdict.finishedAt());
  }

  // The key.

  @Test
  void refusesToGoWithoutAKey() {
    expectRefusal("PROD_SSH_KEY", "", "The variable PROD_SSH_KEY is not set", "Set it to");
  }

  @Test
  void refusesAKeyFileThatIsNotThere() {
    expectRefusal(
        "PROD_SSH_KEY", "/no/such/key", "names the file /no/such/key, which does not exist");
  }

  @Test
  void refusesAKeyThatTheServerDoesNotKnow() throws IOException {
    expectRefusal(
        "PROD_SSH_KEY",
        Files.readString(newKey("stranger", "")),
        "does not let deploy in with the key",
        "add this line to ~deploy/.ssh/authorized_keys",
        "ssh-ed25519 AAAA");
  }

  @Test
  void refusesALockedKeyWithoutOrWithAWrongPassphraseAndTakesTheRightOne() throws IOException {
    Path locked = production.file("locked-key");
    Files.writeString(locked, keyText());
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rw-------"));
    run("ssh-keygen", "-q", "-p", "-P", "", "-N", "open sesame", "-f", locked.toString());
    String text = Files.readString(locked);

    expectRefusal(
        "PROD_SSH_KEY", text, "PROD_SSH_KEY is locked by a passphrase", "PROD_SSH_KEY_PASSPHRASE");
    Map<String, String> variables = production.variables(next);
    variables.put("PROD_SSH_KEY", text);
    variables.put("PROD_SSH_KEY_PASSPHRASE", "open barley");
    expectRefusal(variables, "PROD_SSH_KEY_PASSPHRASE does not unlock PROD_SSH_KEY");
    variables.put("PROD_SSH_KEY_PASSPHRASE", "open sesame");
    assertThat(production.slipway(next, variables, "status").exitCode()).isZero();
  }

  @Test
  void takesAKeyWithWindowsLineEndsAndWithoutFinalNewline() throws IOException {
    Map<String, String> variables = production.variables(next);
    variables.put("PROD_SSH_KEY", keyText().strip().replace("\n", "\r\n"));
    assertThat(production.slipway(next, variables, "status").exitCode()).isZero();
  }

  private String keyText() throws IOException {
    return Files.readString(Path.of(production.variable("PROD_SSH_KEY")));
  }

  private Path newKey(String name, String passphrase) {
    Path key = production.file(name);
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", key.toString());
    return key;
  }

  private static void run(String... words) {
    CommandResult result = new LocalProcess().run(ShellCommand.of(words), Duration.ofSeconds(30));
    assertThat(result.succeeded()).withFailMessage("%s", result.tail(5)).isTrue();
  }

  // The way to the server.

  @Test
  void refusesAHostThatHasNoName() {
    expectRefusal(
        "PROD_SERVER_HOST", "no-such-host.invalid", "no-such-host.invalid cannot be resolved");
  }

  @Test
  void refusesAPortWhereNobodyListens() {
    expectRefusal("PROD_SERVER_PORT", "1", "port 1 refuses connections", "that sshd runs");
  }

  @Test
  void refusesAPortThatIsNoNumber() {
    expectRefusal(
        "PROD_SERVER_PORT",
        "ssh",
        "PROD_SERVER_PORT is not a port: \"ssh\"",
        "a number between 1 and 65535");
  }

  @Test
  void refusesAServerWhoseKeyHasChanged() throws IOException {
    String known = Files.readString(Path.of(production.variable("PROD_SSH_KNOWN_HOSTS")));
    String address = known.substring(0, known.indexOf(' '));
    String stranger =
        Files.readString(Path.of(newKey("another-host", "") + ".pub")).replaceFirst(" [^ ]*$", "");
    expectRefusal(
        "PROD_SSH_KNOWN_HOSTS",
        address + " " + stranger,
        "but PROD_SSH_KNOWN_HOSTS records",
        "somebody may be in between");
  }

  @Test
  void refusesAServerThatNobodyHasVerifiedAndSaysHowToRecordIt() throws IOException {
    String known = Files.readString(Path.of(production.variable("PROD_SSH_KNOWN_HOSTS")));
    Outcome outcome =
        expectRefusal(
            "PROD_SSH_KNOWN_HOSTS", "", "cannot be verified", "SHA256:", "record this line");
    assertThat(known.lines()).anyMatch(line -> outcome.text().contains(line));
  }

  // The server.

  @Test
  void refusesAServerWithoutGit() {
    String git = production.onServer("command -v git");
    whileBroken(
        AWAY.formatted(git),
        BACK.formatted(git),
        () -> expectRefusalOnly(2, "git: not found", "Install git on the server"));
  }

  @Test
  void refusesAServerWithoutDocker() {
    whileBroken(
        AWAY.formatted("/usr/bin/docker"),
        BACK.formatted("/usr/bin/docker"),
        () -> expectRefusalOnly(2, "docker: not found", "Install Docker Engine on the server"));
  }

  @Test
  void refusesAServerWithoutCompose() {
    String places =
        "/usr/bin/docker-compose /usr/libexec/docker/cli-plugins/docker-compose"
            + " /usr/lib/docker/cli-plugins/docker-compose";
    whileBroken(
        AWAY.formatted(places),
        BACK.formatted(places),
        () -> expectRefusalOnly(2, "compose: not found", "Install the compose plugin"));
  }

  @Test
  void refusesAServerWhoseEngineIsStopped() {
    whileBroken(
        "mv /run/docker.sock /run/docker.sock.away",
        "mv /run/docker.sock.away /run/docker.sock",
        () -> expectRefusalOnly(2, "Start the engine on the server"));
  }

  @Test
  void refusesAServerThatForbidsForwardedPorts() {
    String keys = "/home/deploy/.ssh/authorized_keys";
    whileBroken(
        "sed -i 's/^/no-port-forwarding /' " + keys,
        "sed -i 's/^no-port-forwarding //' " + keys,
        () ->
            expectRefusalOnly(
                2,
                "forwarding: its SSH server forbids it",
                "Set `AllowTcpForwarding yes` in the server's sshd_config"));
  }

  @Test
  void refusesAUserWhoMayNotUseDocker() {
    whileBroken(
        "gpasswd -d deploy docker >/dev/null",
        "usermod -aG docker deploy",
        () -> expectRefusalOnly(2, "permission denied", "to the group docker"));
  }

  @Test
  void refusesAServerWithoutCheckout() {
    whileBroken(
        "mv /opt/platform-v2 /opt/platform-v2.away",
        "mv /opt/platform-v2.away /opt/platform-v2",
        () -> expectRefusalOnly(2, "/opt/platform-v2 is not a git checkout", "slipway bootstrap"));
  }

  /** What {@code df} says is all that Slipway knows of the disk, so that is what is replaced. */
  @Test
  void refusesAServerWithoutRoomOnItsDisk() {
    whileBroken(
        "printf '#!/bin/sh\\necho Filesystem\\necho /dev/sda1 100 100 409600 99%% /\\n' > /usr/local/bin/df;"
            + " chmod 755 /usr/local/bin/df",
        "rm /usr/local/bin/df",
        () -> expectRefusalOnly(2, "disk: 400 MiB free", "docker image prune"));
  }

  /** The first answer of {@code df} lets the general check pass, the next ones are too little. */
  @Test
  void refusesImagesThatDoNotFitOnTheDisk() {
    // Another test may have deployed it and gone back.
    production.onServer(
        "docker images --format '{{.ID}} {{.Repository}}:{{.Tag}}' | grep 'backend:"
            + next.commit()
            + "' | cut -d ' ' -f 1 | xargs -r docker image rm --force");
    whileBroken(
        "printf '#!/bin/sh\\necho Filesystem\\n[ -e /run/df ] && free=5 || free=4194304; touch /run/df\\n"
            + "echo /dev/sda1 1 1 $free 99%% /\\n' > /usr/local/bin/df; chmod 755 /usr/local/bin/df;"
            + " chmod 777 /run",
        "rm -f /usr/local/bin/df /run/df; chmod 755 /run",
        () ->
            expectRefusalOnly(
                2,
                "The images do not fit on the server's disk: they need ",
                " MB, 0.0 MB are free",
                "docker image prune"));
  }

  @Test
  void refusesAServerWhoseEnvironmentFileLacksAKey() {
    whileBroken(
        "sed -i 's/^SECRET_KEY=/SECRET_KEY_AWAY=/' /opt/platform-v2/.env",
        "sed -i 's/^SECRET_KEY_AWAY=/SECRET_KEY=/' /opt/platform-v2/.env",
        () -> expectRefusalOnly(2, "/opt/platform-v2/.env lacks SECRET_KEY", "Add these keys to"));
  }

  @Test
  void refusesAServerOnWhichRootHasPulled() {
    String objects = "/opt/platform-v2/.git/objects";
    whileBroken(
        "chown root: " + objects,
        "chown deploy: " + objects,
        () -> expectRefusalOnly(2, "may not write .git/objects", "chown -R"));
  }

  @Test
  void refusesAServerWhoseEnvironmentFileCannotBeReplaced() {
    String file = "/opt/platform-v2/.env";
    whileBroken(
        "mkdir -m 755 /etc/kept && mv %1$s /etc/kept/.env && ln -s /etc/kept/.env %1$s"
            .formatted(file),
        "rm %1$s && mv /etc/kept/.env %1$s && rmdir /etc/kept".formatted(file),
        () -> expectRefusalOnly(2, "may not write /etc/kept", "its folder counts too"));
  }

  @Test
  void refusesLocalEditsOnTheServerAndLeavesThem() {
    String file = "/opt/platform-v2/nginx/nginx.conf";
    whileBroken(
        "echo '# mended in the night' >> " + file,
        "git -C /opt/platform-v2 checkout -q -- nginx/nginx.conf",
        () -> {
          expectRefusalOnly(
              2, "local edits in M nginx/nginx.conf", "They are left as they are", "git stash");
          assertThat(production.onServer("tail -n 1 " + file)).isEqualTo("# mended in the night");
        });
  }

  // The registry.

  @Test
  void refusesToPublishWhileTheRegistryIsDown() {
    Map<String, String> variables = production.variables(next);
    variables.put("REGISTRY", "localhost:1/platform-v2");
    String before = production.state();
    Outcome outcome = production.slipway(next, variables, "release");
    assertThat(outcome.text())
        .contains("Could not push localhost:1/", "connection refused", "registry is up");
    expectUnchanged(2, outcome, before);
  }

  @Test
  void refusesToPublishWithAWrongPassword() {
    Candidate unpublished = production.judged(next, UnaryOperator.identity());
    Map<String, String> variables = production.variables(unpublished);
    variables.put("REGISTRY_PASSWORD", "not-the-password");
    String before = production.state();
    Outcome outcome = production.slipway(unpublished, variables, "release");
    assertThat(outcome.text()).contains("Could not push", "REGISTRY_PASSWORD");
    assertThat(outcome.text()).containsAnyOf("unauthorized", "no basic auth credentials");
    expectUnchanged(2, outcome, before);
  }

  @Test
  void pushesNothingForAPlanOrForAServerThatIsNotReady() {
    Candidate unpublished =
        production.candidate(
            production
                .releases()
                .with("Stay unpublished", Map.of("backend/app/NOTES", "Not yet pushed.\n")));
    String before = production.state();

    Outcome plan = production.succeed(unpublished, "plan");

    assertThat(plan.text())
        .contains("Not published yet; a deployment first pushes ", "pull backend ");
    assertThat(production.state()).isEqualTo(before);
    whileBroken(
        "mv /run/docker.sock /run/docker.sock.away",
        "mv /run/docker.sock.away /run/docker.sock",
        () -> assertThat(production.slipway(unpublished, "deploy").exitCode()).isEqualTo(2));
    assertThat(production.digest("backend", unpublished.commit())).isEmpty();
    assertThat(unpublished.output().resolve("release.json")).doesNotExist();
  }

  @Test
  void refusesACommitThatIsOlderThanTheOneThatServes() {
    production.succeed(next, "deploy");
    try {
      String before = production.state();
      Outcome outcome = production.slipway(production.good(), "deploy");
      assertThat(outcome.text())
          .contains(
              "Commit "
                  + production.good().commit().substring(0, 12)
                  + " is older than "
                  + next.commit().substring(0, 12),
              "slipway rollback --to");
      expectUnchanged(2, outcome, before);
    } finally {
      production.succeed(next, "rollback");
    }
  }

  @Test
  void refusesARegistryThatDoesNotLetTheServerIn() {
    expectRefusal(
        "REGISTRY_PASSWORD",
        "not-the-password",
        "registry: ",
        "401",
        "Token expired? Renew REGISTRY_PASSWORD");
  }

  @Test
  void refusesARegistryThatTheServerDoesNotReach() {
    String port = registryPort();
    whileBroken(
        "kill $(pgrep -f '^socat TCP-LISTEN:" + port + "')",
        "setsid socat TCP-LISTEN:"
            + port
            + ",bind=127.0.0.1,fork,reuseaddr TCP:registry:5000 </dev/null >/dev/null 2>&1 &",
        () -> {
          Outcome outcome = production.slipway(next, "deploy", "--transfer", "registry");
          assertThat(outcome.text())
              .contains("registry: ", "connection refused", "`--transfer ssh`");
          assertThat(outcome.exitCode()).isEqualTo(2);
        });
  }

  private String registryPort() {
    String registry = production.variable("REGISTRY");
    return registry.substring(registry.indexOf(':') + 1, registry.indexOf('/'));
  }

  /** Somebody puts the good release's manifest where the registry has the next one's. */
  @Test
  void keepsTheOldVersionWhenTheRegistryAnswersWithAnotherImage() {
    Candidate swapped =
        production.candidate(
            production
                .releases()
                .with("Be swapped", Map.of("backend/app/NOTES", "Soon another.\n")));
    production.succeed(swapped, "release");
    String backend = production.container("backend");
    String script =
        "set -e; cd /var/lib/registry/docker/registry/v2/blobs/sha256; file() { echo $(echo $1 | cut -c1-2)/$1/data; };"
            + " cp $(file %s) $(file %s)";
    production
        .rig()
        .docker(
            "exec",
            production.rig().name() + "-registry",
            "sh",
            "-c",
            script.formatted(
                hex(production.digest("backend", production.good().commit()).orElseThrow()),
                hex(production.digest("backend", swapped.commit()).orElseThrow())));

    Outcome outcome = production.slipway(swapped, "deploy");

    assertThat(outcome.text()).contains("docker pull", "Nothing was swapped");
    assertThat(outcome.text()).containsAnyOf("verification failed", "does not match", "unexpected");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.onServer("docker images --digests"))
        .doesNotContain(production.digest("backend", swapped.commit()).orElse("none"));
  }

  private static String hex(String digest) {
    return digest.substring(digest.indexOf(':') + 1);
  }

  @Test
  void keepsTheOldVersionWhenTheImageIsGoneFromTheRegistry() {
    Candidate lost =
        production.candidate(
            production
                .releases()
                .with("Lose the image", Map.of("backend/app/NOTES", "Soon lost.\n")));
    production.succeed(lost, "release");
    String digest = production.digest("backend", lost.commit()).orElseThrow();
    assertThat(production.manifest("DELETE", "backend", digest).statusCode()).isEqualTo(202);
    String backend = production.container("backend");

    Outcome outcome = production.slipway(lost, "deploy");

    assertThat(outcome.text()).contains("docker pull", digest, "not found", "still there");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.checkedOut()).isEqualTo(production.good().commit());
    assertThat(production.locked()).isFalse();
  }

  // The lock.

  @Test
  void refusesALockedServerAndUnlocksOnlyByForce() {
    whileBroken(
        "mkdir -p /opt/platform-v2/.slipway/lock; echo '"
            + Json.line(
                Map.of("by", "grace@laptop", "commit", "4f2a91c", "since", "2026-01-01T10:00:00Z"))
            + "' > /opt/platform-v2/.slipway/lock/owner; chown -R deploy /opt/platform-v2/.slipway/lock",
        "true",
        () -> {
          expectRefusalOnly(
              6, "grace@laptop", "4f2a91c", "2026-01-01T10:00:00Z", "slipway unlock --force");
          Outcome asked = production.slipway(next, "unlock");
          assertThat(asked.exitCode()).isEqualTo(6);
          assertThat(asked.text()).contains("grace@laptop", "--force takes it away");
          assertThat(production.locked()).isTrue();
          assertThat(production.succeed(next, "unlock", "--force").text())
              .contains("grace@laptop", "it was taken away");
          assertThat(production.locked()).isFalse();
          assertThat(production.succeed(next, "unlock").text()).contains("Nobody holds the lock");
        });
  }

  // The way back.

  @Test
  void refusesToRollBackToWhatNeverServed() {
    String before = production.state();
    Outcome outcome = production.slipway(next, "rollback", "--to", "nonsense");
    assertThat(outcome.text()).contains("No release nonsense ever served", "These served: ");
    expectUnchanged(2, outcome, before);
  }

  @Test
  void refusesToRollBackWithNothingBefore() {
    String keep = "/opt/platform-v2/.slipway/ledger.jsonl";
    whileBroken(
        "cp -p KEEP KEEP.away; grep '\"outcome\":\"SERVING\"' KEEP.away | tail -n 1 > KEEP"
            .replace("KEEP", keep),
        "mv KEEP.away KEEP".replace("KEEP", keep),
        () -> {
          Outcome outcome = production.slipway(next, "rollback");
          assertThat(outcome.text()).contains("no earlier good release", "slipway history");
          assertThat(outcome.exitCode()).isEqualTo(2);
        });
  }

  // What the release would do to what runs.

  @Test
  void refusesAReleaseThatWouldLoseSightOfItsData() {
    expectRefusal(
        changed("volumes:\n  postgres-data:", "volumes:\n  postgres-data: {name: another}"),
        "postgres would no longer see what it has kept: /var/lib/postgresql/data is platform-v2_postgres-data now, and the release mounts another there.",
        "Mount what is there now");
  }

  @Test
  void refusesAReleaseWithAnotherMajorVersionOfPostgres() {
    expectRefusal(
        changed("image: postgres:15", "image: postgres:16"),
        "postgres runs PostgreSQL 15, and the release brings 16 (postgres:16), which does not start on the data of another major version.",
        "commit a volume by another name with it");
  }

  @Test
  void refusesAReleaseWhoseContainersWouldNotReachWhatRuns() {
    String networks = "networks:\n  platform:";
    expectRefusal(
        changed(networks, networks + " {name: another}"),
        "The new container of backend, on another, and the one of nginx that runs, on platform-v2_platform, would not reach each other.",
        "Go in two releases");
    expectRefusal(
        changed(networks, networks + " {internal: false, enable_ipv6: true}"),
        "The compose file defines otherwise what is in use: network platform.",
        "docker network rm");
  }

  private Candidate changed(String piece, String replacement) {
    return production.candidate(
        production
            .releases()
            .with(
                "Define it otherwise",
                production.releases().changed("docker-compose.prod.yml", piece, replacement)));
  }

  // What they have in common.

  private Outcome expectRefusal(String variable, String value, String... words) {
    Map<String, String> variables = production.variables(next);
    variables.put(variable, value);
    return expectRefusal(variables, words);
  }

  private Outcome expectRefusal(Map<String, String> variables, String... words) {
    String before = production.state();
    Outcome outcome = production.slipway(next, variables, "deploy");
    assertThat(outcome.text()).contains(words);
    expectUnchanged(2, outcome, before);
    return outcome;
  }

  private void expectRefusal(Candidate candidate, String... words) {
    String before = production.state();
    Outcome outcome = production.slipway(candidate, "deploy");
    assertThat(outcome.text()).contains(words);
    expectUnchanged(2, outcome, before);
  }

  private void expectUnchanged(int exitCode, Outcome outcome, String before) {
    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isEqualTo(exitCode);
    assertThat(outcome.text().split("FAILED:", -1)).hasSize(2);
    assertThat(production.state()).isEqualTo(before);
  }

  /** A refusal, while the server's state cannot be asked for. */
  private void expectRefusalOnly(int exitCode, String... words) {
    Outcome outcome = production.slipway(next, "deploy");
    assertThat(outcome.text()).contains(words);
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(outcome.text().split("FAILED:", -1)).hasSize(2);
  }

  private void whileBroken(String damage, String repair, Runnable test) {
    String before = production.state();
    production.onServer(damage);
    try {
      test.run();
    } finally {
      production.onServer(repair);
    }
    assertThat(production.state()).isEqualTo(before);
  }
}
