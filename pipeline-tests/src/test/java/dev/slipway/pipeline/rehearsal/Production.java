package dev.slipway.pipeline.rehearsal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import dev.slipway.pipeline.rehearsal.SampleReleases.Release;
import dev.slipway.release.Verdict;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The sample platform in production on a stand-in server, and what a test asks or does there. */
final class Production implements AutoCloseable {

  private static final String CHECKOUT = "/opt/platform-v2";

  /** All that a refused command must leave as it was. */
  private static final String STATE =
      """
      docker ps --all --no-trunc --format '{{.ID}} {{.Image}} {{.Names}} {{.State}}' | sort
      docker images --no-trunc --digests --format '{{.Repository}}:{{.Tag}} {{.Digest}} {{.ID}}' | sort
      docker volume ls --quiet | sort
      docker network ls --no-trunc --quiet | sort
      cd /opt/platform-v2
      git rev-parse HEAD; git status --porcelain; git for-each-ref; git stash list
      find .env .slipway -type f -exec sha256sum {} + 2>/dev/null | sort
      find .slipway -type d 2>/dev/null | sort
      ls -A /root/.docker /home/deploy/.docker 2>&1
      ls -A /tmp | grep -v '^runc-process' || true
      """;

  private final PlatformUnderTest platform;
  private final Rig rig;
  private final Rehearsal rehearsal;
  private final SampleReleases releases;
  private final Path scratch;
  private final Candidate good;
  private int copies;

  Production(Path root, Path scratch, Server server) {
    this.scratch = scratch;
    Folders.delete(scratch);
    create(scratch.resolve("platform"));
    SampleReleases.createRepository(root.resolve("fixtures/platform"), scratch.resolve("platform"));
    Map<String, String> settings =
        Map.of(
            "slipway.root", root.toString(),
            "slipway.output", scratch.resolve("output").toString(),
            "platform.dir", scratch.resolve("platform").toString());
    this.platform = PlatformUnderTest.open(name -> Optional.ofNullable(settings.get(name)));
    this.releases = new SampleReleases(platform, scratch);
    this.rig = new Rig(platform, scratch.resolve("rig"), platform.commit(), server);
    this.rehearsal = new Rehearsal(platform, rig, scratch);
    this.good = candidate(releases.good());
  }

  SampleReleases releases() {
    return releases;
  }

  Rig rig() {
    return rig;
  }

  /** Slipway's own checkout. */
  Path root() {
    return platform.workspace().root();
  }

  /** The sample platform as it is. */
  Candidate good() {
    return good;
  }

  /** A release that is ready to deploy. */
  Candidate candidate(Release release) {
    return rehearsal.candidate(release.commit(), release.images(), release.schemaHead());
  }

  /** The same commit under another verdict, and not yet published. */
  Candidate judged(Candidate candidate, UnaryOperator<Verdict> change) {
    Candidate copy = unjudged(candidate);
    try {
      Verdict verdict =
          Verdict.parse(Files.readString(candidate.output().resolve("verdict.json")), "verdict");
      Files.writeString(copy.output().resolve("verdict.json"), Json.page(change.apply(verdict)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** The same commit without a verdict. */
  Candidate unjudged(Candidate candidate) {
    copies++;
    Path output = scratch.resolve("judged-" + copies);
    create(output);
    return new Candidate(candidate.commit(), candidate.directory(), candidate.images(), output);
  }

  /** The variables of a CI job for a candidate. */
  Map<String, String> variables(Candidate candidate) {
    Map<String, String> variables = rig.variables();
    variables.put("SLIPWAY_ROOT", candidate.directory().toString());
    variables.put("SLIPWAY_OUTPUT", candidate.output().toString());
    variables.put("USER", "tester");
    return variables;
  }

  /** One variable of the rig. */
  String variable(String name) {
    return Objects.requireNonNull(rig.variables().get(name), name);
  }

  /** Runs slipway as a CI job would. */
  Outcome slipway(Candidate candidate, String... arguments) {
    return rehearsal.slipway(candidate, variables(candidate), arguments);
  }

  /** Runs slipway with other variables. */
  Outcome slipway(Candidate candidate, Map<String, String> variables, String... arguments) {
    return rehearsal.slipway(candidate, variables, arguments);
  }

  /** Runs slipway and demands success. */
  Outcome succeed(Candidate candidate, String... arguments) {
    Outcome outcome = slipway(candidate, arguments);
    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
    return outcome;
  }

  /** A file of this production's own. */
  Path file(String name) {
    return scratch.resolve(name);
  }

  /** Runs a script on the server as root and demands success. */
  String onServer(String script) {
    CommandResult result = rig.onServer("sh", "-c", script);
    assertThat(result.succeeded())
        .withFailMessage("on the server `%s` failed: %s", script, result.tail(10))
        .isTrue();
    return result.standardOutput().strip();
  }

  /** All of the server that a refused command must leave as it was. */
  String state() {
    return onServer(STATE) + "\n" + schema() + "\n" + rows();
  }

  /** The id of a service's container. */
  String container(String service) {
    return onServer(
        "docker ps --no-trunc -q --filter label=com.docker.compose.oneoff=False"
            + " --filter label=com.docker.compose.service="
            + service);
  }

  /** The image ids that the built services run, by service. */
  Map<String, String> runningImages() {
    Map<String, String> images = new TreeMap<>();
    for (String service : good.images().keySet()) {
      images.put(service, onServer("docker inspect --format '{{.Image}}' " + container(service)));
    }
    return images;
  }

  /** The version that the edge serves. */
  String servedVersion() {
    return given().baseUri(rig.address()).get("/health").jsonPath().getString("version");
  }

  /** One query in the platform's database; empty where there is none. */
  String query(String sql) {
    return onServer(
        "id=$(docker ps -q --filter label=com.docker.compose.service=postgres);"
            + " [ -z \"$id\" ] || docker exec \"$id\" psql -XAt -U platform -d platform -c \""
            + sql
            + "\" 2>&1 || true");
  }

  /** The database's revision. */
  String schema() {
    return query("select version_num from alembic_version");
  }

  /** How many customers the database has. */
  String rows() {
    return query("select count(*) from customers");
  }

  /** Undoes the added migration by hand, as a restored backup would. */
  void restoreSchema() {
    query("drop table if exists added");
    query("update alembic_version set version_num = '" + releases.head() + "'");
  }

  /** The commit that the server's checkout stands at. */
  String checkedOut() {
    return onServer("git -C " + CHECKOUT + " rev-parse HEAD");
  }

  /** Whether somebody holds the deploy lock. */
  boolean locked() {
    return rig.onServer("test", "-e", CHECKOUT + "/.slipway/lock").succeeded();
  }

  /** Has the lock of a dead run look as if nobody had heard of that for longer than it may be. */
  void expireLock() {
    onServer("touch -d '-91 seconds' " + CHECKOUT + "/.slipway/lock/owner");
  }

  /** The ledger's lines, oldest first, each as action, outcome and serving commit. */
  List<String> ledger() {
    return onServer("cat " + CHECKOUT + "/.slipway/ledger.jsonl")
        .lines()
        .map(Json::tree)
        .map(
            entry ->
                entry.path("action").asText()
                    + " "
                    + entry.path("outcome").asText()
                    + " "
                    + entry.path("serving").asText())
        .toList();
  }

  /** The digest that the registry has under a tag of a service's image; empty without one. */
  Optional<String> digest(String service, String tag) {
    Response answer = manifest("HEAD", service, tag);
    return answer.statusCode() == 200
        ? Optional.of(answer.header("Docker-Content-Digest"))
        : Optional.empty();
  }

  /** Asks the registry's own API. */
  Response manifest(String method, String service, String reference) {
    String registry = variable("REGISTRY");
    int slash = registry.indexOf('/');
    String port = registry.substring(registry.indexOf(':') + 1, slash);
    return given()
        .baseUri("http://" + variable("PROD_SERVER_HOST") + ":" + port)
        .auth()
        .preemptive()
        .basic(variable("REGISTRY_USER"), variable("REGISTRY_PASSWORD"))
        .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
        .request(
            method,
            "/v2/" + registry.substring(slash + 1) + "/" + service + "/manifests/" + reference);
  }

  /** Makes the server what it was before its first deployment; its images stay. */
  void empty() {
    onServer(
        "docker ps -aq | xargs -r docker rm -f -v >/dev/null; docker volume ls -q | xargs -r docker volume rm"
            + " >/dev/null; docker network prune -f >/dev/null; cd "
            + CHECKOUT
            + " && rm -rf .slipway && runuser -u deploy -- git checkout -q main && sed -i '/^REGISTRY=/d;/^TAG=/d' .env");
  }

  /** Has the good release serve. */
  void serveGood() {
    if (schema().isEmpty() || servedVersion().equals(version(good))) {
      succeed(good, "deploy");
    } else { // a test that failed left another
      succeed(good, "rollback", "--to", good.commit());
    }
    assertThat(servedVersion()).isEqualTo(version(good));
  }

  /** What a candidate's backend says that it is. */
  static String version(Candidate candidate) {
    return Objects.requireNonNull(candidate.images().get("backend")).version();
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    rig.close();
    platform.close();
  }
}
