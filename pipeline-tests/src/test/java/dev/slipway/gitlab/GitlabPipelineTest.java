package dev.slipway.gitlab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.slipway.Json;
import dev.slipway.platform.LockPatience;
import dev.slipway.repository.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The contract of {@code .gitlab-ci.yml} that can be read off the file itself. */
class GitlabPipelineTest {

  private static final Set<String> PRODUCTION = Set.of("deploy", "rollback");
  private static final Pattern SECRET =
      Pattern.compile(".*(KEY|PASSWORD|PASSPHRASE|TOKEN|SECRET|SERVER_HOST|SERVER_USER).*");
  private static final List<String> VARIABLES =
      List.of(
          "PROD_SSH_KEY",
          "PROD_SSH_KEY_PASSPHRASE",
          "PROD_SERVER_HOST",
          "PROD_SERVER_PORT",
          "PROD_SERVER_USER",
          "PROD_SSH_KNOWN_HOSTS",
          "PROD_SSH_JUMP",
          "PROD_SSH_JUMP_KEY",
          "PROD_SSH_JUMP_KEY_PASSPHRASE",
          "PROD_HEALTH_URL",
          "SLIPWAY_WEBHOOK_URL",
          "REGISTRY",
          "REGISTRY_USER",
          "REGISTRY_PASSWORD");

  private final Checkout checkout = Checkout.current();
  private final String text = checkout.text(".gitlab-ci.yml");
  private final GitlabPipeline pipeline = GitlabPipeline.parse(text);

  @Test
  void satisfiesTheSchemaThatGitlabPublishes() {
    assertThat(violations(pipeline.document())).isEmpty();
  }

  @Test
  void isHeldAgainstASchemaThatKnowsGitlabsKeywords() {
    ObjectNode retryNobodyKnows = pipeline.document().deepCopy();
    retryNobodyKnows.withObject("/lint").put("retry", "sometimes");
    ObjectNode misspeltScript = pipeline.document().deepCopy();
    misspeltScript.withObject("/lint").putArray("scripts").add("bin/verify lint");

    assertThat(violations(retryNobodyKnows)).isNotEmpty();
    assertThat(violations(misspeltScript)).isNotEmpty();
  }

  @Test
  void goesFromLintOverTestAndBuildToDeploy() {
    assertThat(Json.texts(pipeline.document().path("stages")))
        .containsExactly("lint", "test", "build", "deploy");
    assertThat(pipeline.jobs().values())
        .allSatisfy(
            job -> assertThat(job.path("stage").asText()).isIn("lint", "test", "build", "deploy"));
  }

  @Test
  void runsOneCommandInEachJobAndNamesItWhenTheJobIsRed() {
    assertThat(pipeline.jobs())
        .allSatisfy(
            (name, job) -> {
              List<String> script = Json.texts(job.path("script"));
              assertThat(script).hasSize(1);
              assertThat(script.get(0)).startsWith("bin/").doesNotContain("\n", "$");
              assertThat(job.path("variables").path("REPRODUCE").asText()).isEqualTo(script.get(0));
              assertThat(String.join("\n", Json.texts(job.path("after_script"))))
                  .contains("\"$CI_JOB_STATUS\" = failed", "Reproduce: ", "$REPRODUCE");
            });
  }

  @Test
  void usesNoKeywordThatGitlabDeprecated() {
    assertThat(pipeline.jobs())
        .allSatisfy(
            (name, job) -> {
              assertThat(job.has("only")).isFalse();
              assertThat(job.has("except")).isFalse();
              assertThat(job.path("rules")).isNotEmpty();
            });
    assertThat(pipeline.document().fieldNames())
        .toIterable()
        .doesNotContain("image", "services", "cache", "before_script", "after_script");
  }

  @Test
  void keepsReportsAndLogsOfRedJobsForALimitedTime() {
    assertThat(pipeline.jobs())
        .allSatisfy(
            (name, job) -> {
              JsonNode artifacts = job.path("artifacts");
              assertThat(artifacts.path("when").asText()).isEqualTo("always");
              assertThat(artifacts.path("expire_in").asText()).isNotEmpty();
              assertThat(Json.texts(artifacts.path("paths"))).contains("target/slipway/");
              assertThat(Json.texts(artifacts.path("reports").path("junit")))
                  .containsExactly(
                      "**/target/surefire-reports/TEST-*.xml",
                      "**/target/failsafe-reports/TEST-*.xml");
            });
  }

  @Test
  void showsFindingsOfMigrationsBesideTheirLines() {
    JsonNode reports = pipeline.job("migrations").path("artifacts").path("reports");
    assertThat(reports.path("codequality").asText())
        .isEqualTo("target/slipway/migrations-code-quality.json");
  }

  @Test
  void limitsTheTimeOfEachJobAndRepeatsOnlyWhatTheRunnerBroke() {
    assertThat(pipeline.jobs())
        .allSatisfy(
            (name, job) -> {
              assertThat(job.path("timeout").asText()).isNotEmpty();
              JsonNode retry = job.path("retry");
              assertThat(retry.isInt() ? "never" : retry.path("when").asText())
                  .isEqualTo(PRODUCTION.contains(name) ? "never" : "runner_system_failure");
            });
  }

  @Test
  void takesNoTimeoutForOneThatGitlabHeedsNot() {
    GitlabPipeline other =
        GitlabPipeline.parse(
            """
            default: {image: debian, timeout: 30 minutes}
            .template: {timeout: 1 hour}
            none: {script: [ls]}
            own: {script: [ls], extends: .template}
            """);

    assertThat(other.job("none").path("image").asText()).isEqualTo("debian");
    assertThat(other.job("none").has("timeout")).isFalse();
    assertThat(other.job("own").path("timeout").asText()).isEqualTo("1 hour");
  }

  /** A migration may take its deadline, and so may a job that others wait for; the rest beside. */
  @Test
  void givesProductionMoreTimeThanSlipwayAllowsItself() {
    assertThat(PRODUCTION)
        .allSatisfy(
            name ->
                assertThat(minutes(pipeline.job(name).path("timeout").asText()))
                    .isGreaterThan(2 * LockPatience.DEFAULT.deadline().toMinutes()));
  }

  private static long minutes(String timeout) {
    Matcher words = Pattern.compile("(\\d+) (minute|hour)s?").matcher(timeout);
    assertThat(words.matches()).as(timeout).isTrue();
    return Long.parseLong(words.group(1)) * (words.group(2).equals("hour") ? 60 : 1);
  }

  @Test
  void cancelsWhatIsRunningForAnOlderCommitButNotOnMain() {
    JsonNode workflow = pipeline.document().path("workflow");
    assertThat(workflow.path("auto_cancel").path("on_new_commit").asText())
        .isEqualTo("interruptible");
    assertThat(workflow.path("rules"))
        .allSatisfy(
            rule ->
                assertThat(rule.path("auto_cancel").path("on_new_commit").asText("interruptible"))
                    .isEqualTo(
                        rule.path("if").asText().endsWith("== $CI_DEFAULT_BRANCH")
                            ? "none"
                            : "interruptible"));
  }

  @Test
  void holdsNoSecret() {
    assertThat(text).doesNotContain("PRIVATE KEY", "ssh-ed25519", "ssh-rsa");
    assertThat(text).doesNotContainPattern("\\d{1,3}(\\.\\d{1,3}){3}");
    assertThat(pipeline.document().findParents("variables"))
        .flatExtracting(parent -> List.copyOf(parent.path("variables").properties()))
        .isNotEmpty()
        .allSatisfy(
            variable -> {
              if (SECRET.matcher(variable.getKey()).matches()) {
                assertThat(variable.getValue().asText()).startsWith("$CI_");
              }
            });
  }

  @Test
  void leavesTheJobsLoginToSlipwayWhichGivesItToNoOtherRegistry() {
    assertThat(text).doesNotContain("$CI_REGISTRY_USER", "$CI_REGISTRY_PASSWORD");
  }

  @Test
  void namesEachVariableInItsHeaderAndInTheDocumentation() {
    String header = text.substring(0, text.indexOf("stages:"));
    String documentation = checkout.text("docs/gitlab.md");
    assertThat(VARIABLES)
        .allSatisfy(
            variable -> {
              assertThat(header).containsPattern("(?m)^#   " + variable + " ");
              assertThat(documentation).contains("`" + variable + "`");
            });
  }

  @Test
  void asksInBothPlacesForTheSameProtection() {
    String documentation = checkout.text("docs/gitlab.md");
    assertThat(VARIABLES)
        .filteredOn(variable -> !variable.startsWith("PROD_SSH_JUMP_KEY"))
        .allSatisfy(
            variable ->
                assertThat(protections("(?m)^#   " + variable + " (.*)", text))
                    .isEqualTo(
                        protections("(?m)^\\| `" + variable + "` \\|([^|]*)", documentation)));
    assertThat(protections("(?m)^#   SLIPWAY_WEBHOOK_URL (.*)", text))
        .containsExactly("masked", "protected");
  }

  private static Set<String> protections(String row, String in) {
    Matcher matcher = Pattern.compile(row).matcher(in);
    assertThat(matcher.find()).as(row).isTrue();
    return Pattern.compile("\\b(masked|protected|file)\\b", Pattern.CASE_INSENSITIVE)
        .matcher(matcher.group(1).strip().replaceFirst("(  |;).*", ""))
        .results()
        .map(word -> word.group().toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void touchesProductionOneJobAtATimeAndNeverCancelsIt() {
    assertThat(pipeline.jobs())
        .allSatisfy(
            (name, job) -> {
              boolean production = PRODUCTION.contains(name);
              String expected = production ? "production" : "";
              assertThat(job.path("resource_group").asText()).isEqualTo(expected);
              assertThat(job.path("environment").path("name").asText()).isEqualTo(expected);
              assertThat(job.path("interruptible").asBoolean()).isEqualTo(!production);
              assertThat(job.path("variables").has("PROD_HEALTH_URL")).isEqualTo(production);
            });
  }

  @Test
  void deploysOnlyWhatEverySuiteLetThrough() {
    JsonNode needs = pipeline.job("deploy").path("needs");
    assertThat(needs.findValuesAsText("job"))
        .containsExactlyInAnyOrder("lint", "test", "migrations", "build");
    assertThat(pipeline.jobs()).containsKeys("lint", "test", "migrations", "build");
    assertThat(needs)
        .allSatisfy(
            need ->
                assertThat(need.path("artifacts").asBoolean())
                    .isEqualTo(need.path("job").asText().equals("build")));
  }

  @Test
  void takesTheEnvironmentsAddressFromWhatTheDeploymentLeft() {
    assertThat(PRODUCTION)
        .allSatisfy(
            name ->
                assertThat(
                        pipeline
                            .job(name)
                            .path("artifacts")
                            .path("reports")
                            .path("dotenv")
                            .asText())
                    .isEqualTo("target/slipway/deploy.env"));
    assertThat(pipeline.job("deploy").path("environment").path("url").asText())
        .isEqualTo("$SLIPWAY_ENVIRONMENT_URL");
  }

  @Test
  void rollsBackByHandWithoutWaitingForAnything() {
    JsonNode rollback = pipeline.job("rollback");
    assertThat(rollback.path("needs").isArray()).isTrue();
    assertThat(rollback.path("needs")).isEmpty();
    assertThat(rollback.path("rules").findValuesAsText("when"))
        .containsExactlyInAnyOrder("never", "manual");
  }

  @Test
  void keepsTheEngineOfAJobInANetworkOfItsOwn() {
    JsonNode variables = pipeline.document().path("variables");
    assertThat(variables.path("DOCKER_HOST").asText()).startsWith("tcp://");
    assertThat(variables.path("FF_NETWORK_PER_BUILD").asText()).isEqualTo("true");
    assertThat(pipeline.jobs().values())
        .allSatisfy(job -> assertThat(job.path("variables").has("FF_NETWORK_PER_BUILD")).isFalse());
  }

  @Test
  void givesEachJobTheWholeHistory() {
    assertThat(pipeline.document().path("variables").path("GIT_DEPTH").asText()).isEqualTo("0");
  }

  @Test
  void leavesTheCheckoutCleanWhereItCaches() {
    assertThat(pipeline.jobs().values())
        .flatExtracting(job -> Json.texts(job.path("cache").path("paths")))
        .isNotEmpty()
        .allSatisfy(path -> assertThat(checkout.ignores(path + "/any.jar")).isTrue());
  }

  @Test
  void namesTheHealthUrlInOnePlaceOnly() throws IOException {
    String url = pipeline.job("deploy").path("variables").path("PROD_HEALTH_URL").asText();
    assertThat(url).startsWith("https://");
    int places = 0;
    for (Path file : checkout.versionedFiles()) {
      places += Files.readString(file, ISO_8859_1).split(Pattern.quote(url), -1).length - 1;
    }
    assertThat(places).as("occurrences of %s in versioned files", url).isEqualTo(1);
  }

  private static List<Error> violations(JsonNode document) {
    // In draft-07 a format is a remark; taken as a rule it forbids the variable in environment:url.
    SchemaRegistryConfig remarks =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(false).build();
    try (InputStream schema =
        requireNonNull(GitlabPipelineTest.class.getResourceAsStream("ci-schema.json"))) {
      return SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_7, builder -> builder.schemaRegistryConfig(remarks))
          .getSchema(schema)
          .validate(document);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
