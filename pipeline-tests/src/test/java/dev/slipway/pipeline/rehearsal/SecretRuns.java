package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.SlipwayRunner.Ended;
import dev.slipway.pipeline.secrets.Canary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Every command of Slipway, run with a secret in everything that can hold one. */
final class SecretRuns implements AutoCloseable {

  private static final Map<String, String> PLAIN = Map.of();
  private static final Map<String, String> DEBUG = Map.of("SLIPWAY_LOG", "DEBUG");

  private final Production production;
  private final HttpServer chat;
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final PlantedSecrets secrets;
  private final SlipwayRunner slipway;
  private final Canary planted;
  private String crash = "";
  private String hooks = "";

  /** {@code planted} is no secret: it is the address of the job, which is shown everywhere. */
  SecretRuns(Production production, Path printed, Canary planted) {
    this.production = production;
    this.planted = planted;
    this.slipway = new SlipwayRunner(production.root(), printed);
    this.chat = chat();
    this.secrets =
        new PlantedSecrets(
            production,
            "http://127.0.0.1:" + chat.getAddress().getPort(),
            production.rig().address(),
            production.file("rig"));
    candidates.add(production.good());
  }

  private HttpServer chat() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            messages.add(
                exchange.getRequestHeaders().entrySet()
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(messages.size() % 2 == 0 ? 500 : 200, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is planted. */
  PlantedSecrets secrets() {
    return secrets;
  }

  /** What the webhook was sent. */
  String messages() {
    return String.join("\n", messages);
  }

  /** Every release that was made. */
  List<Candidate> candidates() {
    return candidates;
  }

  /** What was printed of a release that crashes telling its environment. */
  String crash() {
    return crash;
  }

  /** What was printed of a release whose migration and hooks tell theirs. */
  String hooks() {
    return hooks;
  }

  private Map<String, String> variables(boolean bootstrap) {
    Map<String, String> variables = secrets.variables(bootstrap);
    String direct = production.variable("PROD_SERVER_HOST");
    variables.put("PROD_SSH_JUMP", "deploy@" + direct + ":" + variables.get("PROD_SERVER_PORT"));
    variables.put("PROD_SERVER_HOST", "localhost");
    variables.put("PROD_SERVER_PORT", "22");
    String hosts = read(Path.of(production.variable("PROD_SSH_KNOWN_HOSTS")));
    variables.put("PROD_SSH_KNOWN_HOSTS", hosts + hosts.replaceAll("(?m)^\\S+", "localhost"));
    variables.put("HOME", production.file("home").toString());
    variables.put("CI_JOB_URL", planted.value());
    variables.put("CI_REGISTRY_USER", "gitlab-ci-token");
    return variables;
  }

  private Ended slipway(
      int status, Candidate candidate, Map<String, String> more, String... words) {
    Map<String, String> variables = variables(words[0].equals("bootstrap"));
    variables.putAll(more);
    Ended ended = slipway.run(candidate, variables, List.of(words));
    assertThat(ended.status())
        .withFailMessage("slipway %s: %s\n%s", List.of(words), ended.status(), ended.text())
        .isEqualTo(status);
    return ended;
  }

  private Candidate candidate(String title, Map<String, String> files) {
    Candidate candidate = production.candidate(production.releases().with(title, files));
    candidates.add(candidate);
    return candidate;
  }

  /** Logins by the planted keys, each command recorded; a bare place for the checkout. */
  void prepareServer() {
    StringBuilder keys = new StringBuilder();
    for (String key : secrets.publicKeys()) {
      keys.append("command=\"" + ServerWatch.RECORDER + "\" " + key + "\n");
    }
    onServerReading(
        keys.toString(),
        "cat > /home/deploy/.ssh/authorized_keys; cd /; rm -rf /opt/platform-v2;"
            + " install -d -o deploy -g deploy /opt/platform-v2");
  }

  private void onServerReading(String input, String script) {
    CommandResult result =
        new LocalProcess()
            .run(
                ShellCommand.of("docker", "exec", "-i", production.rig().name() + "-target")
                    .with("sh", "-c", script)
                    .reading(Secret.of(input)),
                Duration.ofSeconds(30));
    assertThat(result.succeeded()).withFailMessage("%s", result.tail(5)).isTrue();
  }

  /** All of them, in an order in which each finds what it needs; {@code served} runs in between. */
  void all(Runnable served) {
    Candidate good = production.good();
    TellingReleases telling = new TellingReleases(production.releases());
    Candidate migrating = candidate("Migrate", telling.migrating(planted.value()));
    Candidate crashing = candidate("Crash", telling.crashing());
    Candidate ill = candidate("Be ill", telling.illForever());

    bootstrapFromAnOriginWithAPassword(good);
    slipway(0, good, DEBUG, "bootstrap", "--yes", "--origin", "git://git:9418/platform.git");
    onServerReading(secrets.linesByHand(), "cat >> /opt/platform-v2/.env");
    onServerReading(
        secrets.otherFile(),
        "umask 077; cd /opt/platform-v2; cat > backend.env; chown deploy backend.env");
    slipway(0, good, PLAIN, "doctor", "--json");
    slipway(0, good, DEBUG, "release", "--json");
    slipway(0, good, PLAIN, "plan", "--json");
    slipway(0, good, DEBUG, "deploy");
    served.run();

    crash = slipway(3, crashing, DEBUG, "deploy").text();
    slipway(3, ill, PLAIN, "deploy", "--json");
    slipway(0, migrating, PLAIN, "plan");
    String file = secrets.fileOf("PROD_SSH_JUMP_KEY").toString();
    hooks =
        slipway(
                0,
                migrating,
                Map.of("SLIPWAY_LOG", "DEBUG", "PROD_SSH_JUMP_KEY", file),
                "deploy",
                "--json")
            .text();
    slipway(0, migrating, PLAIN, "rollback", "--json");
    look(good);
    slipway(0, good, PLAIN, "restore", "latest", "--yes", "--json");
    slipway(0, migrating, PLAIN, "deploy", "--transfer", "ssh");
    refuse(good);
  }

  /** As GitLab makes the checkout of a job. */
  private void bootstrapFromAnOriginWithAPassword(Candidate good) {
    Path settings = good.directory().resolve(".git/config");
    String before = read(settings);
    String origin = "[remote \"origin\"]\nurl = " + secrets.value("CI_REPOSITORY_URL") + "\n";
    Folders.write(settings, before + origin);
    slipway(2, good, DEBUG, "bootstrap", "--yes");
    Folders.write(settings, before);
  }

  private void look(Candidate good) {
    for (String verb : List.of("status", "history", "backups", "doctor", "unlock")) {
      slipway(0, good, DEBUG, verb);
      slipway(0, good, PLAIN, verb, "--json");
    }
    slipway(0, good, PLAIN, "logs", "--json");
    slipway(0, good, PLAIN, "logs", "--since", "1h", "nginx");
    slipway(0, good, PLAIN, "maintenance", "on");
    slipway(0, good, PLAIN, "maintenance", "off", "--json");
    slipway(2, good, PLAIN, "logs", "--since", "1h", planted.cores().get(0));
    slipway(2, good, PLAIN, planted.cores().get(0));
  }

  private void refuse(Candidate good) {
    Candidate next = candidate("Be refused", Map.of("backend/app/NOTES", "Nothing here.\n"));
    String wrong = secrets.with(Canary.in("a wrong password", "%s")).value();
    slipway(2, next, Map.of("REGISTRY_PASSWORD", wrong, "SLIPWAY_LOG", "DEBUG"), "release");
    slipway(2, next, Map.of("REGISTRY_PASSWORD", wrong), "deploy");
    slipway(2, good, Map.of("PROD_SSH_KEY_PASSPHRASE", wrong), "status");
    String key = secrets.value("PROD_SSH_KEY");
    slipway(2, good, Map.of("PROD_SSH_KEY", key.substring(0, key.length() - 120)), "status");
    String health = secrets.value("PROD_HEALTH_URL").replace("http://", "ftp://");
    slipway(2, good, Map.of("PROD_HEALTH_URL", health), "doctor");
    String chatless = secrets.value("SLIPWAY_WEBHOOK_URL").replace("http://", "no address: ");
    slipway(2, next, Map.of("SLIPWAY_WEBHOOK_URL", chatless, "PROD_SERVER_PORT", "9"), "deploy");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    chat.stop(0);
  }
}
