package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.PretendEngine;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the commands publish, and when they do not, with an engine that pretends. */
class PublishingTest {

  private static final Map<String, String> FILES =
      Map.of(
          "docker-compose.prod.yml",
          """
          services:
            postgres: {image: "postgres:15"}
            redis: {image: "redis:7.0"}
            backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
            frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
            nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"]}
          """,
          "backend/Dockerfile",
          "FROM scratch\n",
          "backend/alembic.ini",
          "[alembic]\n",
          "frontend/Dockerfile",
          "FROM scratch\n",
          "nginx/Dockerfile",
          "FROM scratch\n");

  @TempDir private Path folder;
  private final PretendEngine engine = new PretendEngine();
  private final Map<String, String> variables = new HashMap<>();
  private String printed = "";

  @BeforeEach
  void aCommitWithAGreenVerdictAndNoServer() throws IOException {
    Path platform = folder.resolve("platform");
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path path = platform.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    git("init", "--quiet");
    git("add", "--all");
    git("-c", "user.name=ann", "-c", "user.email=ann@localhost", "commit", "-q", "-m", "All");
    Path output = Files.createDirectory(folder.resolve("output"));
    Files.writeString(
        output.resolve("verdict.json"), Json.page(verdict(git("rev-parse", "HEAD"), "")));
    run(
        ShellCommand.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f")
            .with(folder.resolve("key").toString()));
    variables.putAll(
        Map.of(
            "SLIPWAY_ROOT", platform.toString(),
            "SLIPWAY_OUTPUT", output.toString(),
            "REGISTRY", "localhost:5000/platform-v2",
            "PROD_SERVER_HOST", "127.0.0.1",
            "PROD_SERVER_PORT", String.valueOf(freePort()),
            "PROD_SERVER_USER", "deploy",
            "PROD_SSH_KEY", folder.resolve("key").toString()));
    engine.images.addAll(List.of("sha256:backend", "sha256:frontend", "sha256:nginx"));
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static Verdict verdict(String commit, String platform) {
    return new Verdict(
        commit,
        true,
        platform,
        true,
        Map.of(
            "backend", new BuiltImage("sha256:backend", commit),
            "frontend", new BuiltImage("sha256:frontend", commit),
            "nginx", new BuiltImage("sha256:nginx", commit)),
        Optional.of("rev1"),
        List.of(new SuiteResult("test", "UnitIT", 1, 0, 0, 0)),
        Instant.EPOCH);
  }

  private String git(String... words) {
    return run(ShellCommand.of("git").with(words).in(folder.resolve("platform").toString()));
  }

  private static String run(ShellCommand command) {
    CommandResult result = new LocalProcess().run(command, Duration.ofSeconds(30));
    assertThat(result.succeeded()).as(result.tail(5)).isTrue();
    return result.standardOutput().strip();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void doctorSaysThatAClosedPortIsClosedBelowWhatIsWellHere() {
    assertThat(slipway("doctor")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed)
        .containsPattern(
            "ok +engine .*\nok +platform .* as commit .*\nBAD +ssh .* refuses connections")
        .contains("PROD_SERVER_PORT")
        .doesNotContain("FAILED", "slipway.yml");
  }

  @Test
  void doctorLooksAtTheServerWhateverElseIsWrong() {
    variables.remove("REGISTRY");
    variables.putAll(
        Map.of("PROD_HEALTH_URL", "ftp://platform.example", "REGISTRY_PASSWORD", "swordfish"));

    assertThat(slipway("doctor")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed)
        .containsPattern("BAD +registry +REGISTRY_USER is not set, but REGISTRY_PASSWORD is")
        .containsPattern("BAD +platform .*REGISTRY")
        .containsPattern("BAD +health +PROD_HEALTH_URL is not an http or https address")
        .containsPattern("BAD +ssh .*refuses connections");
  }

  @Test
  void doctorLooksAtThePlatformThatItIsStartedIn() throws IOException {
    Files.createDirectories(folder.resolve("slipway/fixtures/platform"));
    variables.put("SLIPWAY_ROOT", folder.resolve("slipway").toString());
    variables.put("PWD", folder.resolve("platform/backend").toString());

    assertThat(run("doctor")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).containsPattern("ok +platform +" + folder.resolve("platform") + " as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "status", "migrations", "rollback", "maintenance off"})
  void takesNoPlatformOutsideOfOne(String command) throws IOException {
    Path slipway = folder.resolve("slipway");
    Path sample = Files.createDirectories(slipway.resolve("fixtures/platform"));
    Files.writeString(sample.resolve("docker-compose.prod.yml"), "services: {}\n");
    variables.put("SLIPWAY_ROOT", slipway.toString());
    variables.put("PWD", folder.toRealPath().toString());

    assertThat(run(command.split(" ", -1))).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed)
        .contains("No platform here: neither slipway.yml nor docker-compose.prod.yml in ")
        .contains(folder + " or its repository's root.", "--platform DIR")
        .doesNotContain("refuses connections");
  }

  @Test
  void saysThatSettingsWithoutACommitDoNotCount() throws IOException {
    Files.writeString(folder.resolve("platform/slipway.yml"), "name: mine\n");

    slipway("status");

    assertThat(printed).contains("slipway.yml is not committed as it lies there");
  }

  private int slipway(String command) {
    return run(command, "--platform", folder.resolve("platform").toString());
  }

  private int run(String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int status = SlipwayCli.run(variables, print, print, arguments);
    printed = bytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "deploy"})
  void pushesNothingWhenTheServerIsOutOfReach(String command) {
    assertThat(slipway(command)).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains("refuses connections");
    assertThat(engine.changes).isEmpty();
    assertThat(folder.resolve("output/release.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "deploy"})
  void looksForTheImagesBeforeItConnects(String command) {
    engine.images.remove("sha256:nginx");

    assertThat(slipway(command)).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains("sha256:nginx, is not on this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "deploy", "release"})
  void refusesWhereNoEngineAnswers(String command) throws IOException {
    System.setProperty("DOCKER_HOST", "tcp://127.0.0.1:" + freePort());

    assertThat(slipway(command)).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains("No Docker Engine answers at tcp://127.0.0.1:", "bin/setup");
    assertThat(folder.resolve("output/release.json")).doesNotExist();
  }

  @Test
  void takesWhatAnotherJobPublishedToTheServer() {
    assertThat(slipway("release")).isZero();
    engine.images.clear();
    engine.changes.clear();

    assertThat(slipway("deploy")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains("refuses connections").doesNotContain("not on this machine");
    assertThat(engine.changes).isEmpty();
  }

  @Test
  void missesNoEngineBeforeItChangesTheServer() throws IOException {
    assertThat(slipway("release")).isZero();
    System.setProperty("DOCKER_HOST", "tcp://127.0.0.1:" + freePort());

    assertThat(slipway("deploy")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains("No Docker Engine answers").doesNotContain("refuses connections");
  }

  @Test
  void releasesNothingByTheVerdictOfAnotherFolderOfTheCommit() throws IOException {
    Files.writeString(
        folder.resolve("output/verdict.json"),
        Json.page(verdict(git("rev-parse", "HEAD"), "other/")));

    assertThat(slipway("release")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed)
        .contains("The verdict is about the folder other/, not about the repository's root");
    assertThat(engine.changes).isEmpty();
  }

  @Test
  void refusesAnOutputFolderThatCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    variables.put("SLIPWAY_OUTPUT", file.resolve("below").toString());

    assertThat(slipway("migrations")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains(file.resolve("below") + " cannot be written: ", "SLIPWAY_OUTPUT");
  }

  @Test
  void walksNoMigrationsSinceACommitThatIsNotThere() {
    Path platform = folder.resolve("platform");

    assertThat(run("migrations", "--since", "nope", "--platform", platform.toString()))
        .isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed)
        .contains("There is no commit or branch `nope` in " + platform + ".")
        .contains("Fetch it (`git fetch origin`), or name another with --since.")
        .doesNotContain("git diff", "Building");
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrations", "plan"})
  void looksAtNoPlatformWithoutARepository(String command) throws IOException {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    Files.writeString(bare.resolve("slipway.yml"), "name: bare\n");

    assertThat(run(command, "--platform", bare.toString())).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains(bare + " is not inside a git repository with a commit.");
  }

  @Test
  void walksNoMigrationsOfABackendThatIsNotBuiltHere() throws IOException {
    Files.writeString(folder.resolve("platform/slipway.yml"), "folders: {backend: none}\n");

    assertThat(slipway("migrations")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed)
        .startsWith("Platform: " + folder.resolve("platform") + System.lineSeparator())
        .contains("no folder that the backend is built from", "`folders:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "rollback"})
  void leavesAReportOfARefusalAndNoneOfAnotherRun(String command) throws IOException {
    Path page = Files.writeString(folder.resolve("output/deploy.html"), "of another run");
    Path lines = Files.writeString(folder.resolve("output/deploy.env"), "of another run");
    variables.put("PROD_HEALTH_URL", "ftp://platform.example");

    assertThat(slipway(command)).isEqualTo(ExitCode.REFUSED.status());

    assertThat(page).content().contains("refuses connections").doesNotContain("another run");
    assertThat(lines).content().contains("SLIPWAY_OUTCOME=REFUSED").doesNotContain("another");
  }

  @Test
  void leavesAReportOfADeploymentWithoutAVerdict() throws IOException {
    Files.delete(folder.resolve("output/verdict.json"));

    assertThat(slipway("deploy")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(folder.resolve("output/deploy.html")).content().contains("There is no verdict");
    assertThat(folder.resolve("output/deploy.env"))
        .content()
        .contains("SLIPWAY_COMMIT=" + git("rev-parse", "HEAD"), "SLIPWAY_OUTCOME=REFUSED");
  }

  @Test
  void releasesWithoutAnyServer() {
    assertThat(slipway("release")).isZero();

    assertThat(engine.changes).hasSize(6);
    assertThat(folder.resolve("output/release.json")).content().contains("sha256:pushed");
    assertThat(slipway("release")).isZero();
    assertThat(engine.changes).hasSize(6);
  }
}
