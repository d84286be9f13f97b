package dev.slipway.gitlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.repository.Checkout;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/** Which jobs each kind of pipeline gets, as gitlab-ci-local evaluates the rules. */
@Tag("selftest")
class GitlabJobsIT {

  /** gitlab-ci-local 4.63.0 lists jobs without looking at workflow:rules; this job carries them. */
  private static final String WORKFLOW = "workflow-rules";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Checkout CHECKOUT = Checkout.current();
  private static final GenericContainer<?> CONTAINER =
      new GenericContainer<>(
              new ImageFromDockerfile("slipway-gitlab-ci-local:4.63.0", false)
                  .withFileFromPath(".", CHECKOUT.resolve("fixtures/gitlab-ci-local")))
          .withCommand("sleep", "infinity");

  @BeforeAll
  static void cloneIntoTheContainer() throws IOException, InterruptedException {
    CONTAINER.start();
    String text = CHECKOUT.text(".gitlab-ci.yml");
    JsonNode rules =
        GitlabPipeline.parse(text).document().path("workflow").path("rules").deepCopy();
    // A job's rules do not know it.
    rules.forEach(rule -> ((ObjectNode) rule).remove("auto_cancel"));
    JsonNode job = MAPPER.createObjectNode().put("script", "true").set("rules", rules);
    CONTAINER.copyFileToContainer(
        Transferable.of(text + "\n" + WORKFLOW + ": " + job + "\n"), "/clone/.gitlab-ci.yml");
    run(
        "sh",
        "-euc",
        """
        cd /clone
        git init --quiet --initial-branch main
        git add .gitlab-ci.yml
        git -c user.name=Slipway -c user.email=slipway@example.org commit --quiet --message Pipeline
        git remote add origin https://gitlab.example/group/platform.git
        git update-ref refs/remotes/origin/main HEAD
        git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
        git branch feature
        """);
  }

  @AfterAll
  static void stopTheContainer() {
    CONTAINER.stop();
  }

  @Test
  void verifiesAMergeRequestCompletelyAndDeploysNothing() throws Exception {
    assertThat(jobs("feature", mergeRequest()))
        .containsExactly(
            entry("lint", "on_success"),
            entry("test", "on_success"),
            entry("migrations", "on_success"),
            entry("verify", "on_success"));
  }

  @Test
  void shipsMainAndOffersTheWayBack() throws Exception {
    assertThat(jobs("main"))
        .containsExactly(
            entry("lint", "on_success"),
            entry("test", "on_success"),
            entry("migrations", "on_success"),
            entry("build", "on_success"),
            entry("deploy", "on_success"),
            entry("rollback", "manual"));
  }

  @Test
  void checksABranchThatHasNoMergeRequestYet() throws Exception {
    assertThat(jobs("feature"))
        .containsExactly(
            entry("lint", "on_success"),
            entry("test", "on_success"),
            entry("migrations", "on_success"));
  }

  @Test
  void leavesABranchWithAMergeRequestToTheMergeRequestPipeline() throws Exception {
    assertThat(jobs("feature", "--variable", "CI_OPEN_MERGE_REQUESTS=group/platform!1")).isEmpty();
  }

  @Test
  void runsTheNightlyStageAndNothingElseOnASchedule() throws Exception {
    assertThat(jobs("main", "--variable", "CI_PIPELINE_SOURCE=schedule"))
        .containsExactly(entry("nightly", "on_success"));
  }

  @Test
  void leavesTagsAlone() throws Exception {
    assertThat(
            jobs("main", "--variable", "CI_COMMIT_TAG=v1", "--unset-variable", "CI_COMMIT_BRANCH"))
        .isEmpty();
  }

  @Test
  void expandsToAPipelineWithTheSameJobs() throws Exception {
    GitlabPipeline expanded = GitlabPipeline.parse(gitlabCiLocal("main", "--preview"));
    assertThat(expanded.jobs().keySet())
        .containsAll(GitlabPipeline.parse(CHECKOUT.text(".gitlab-ci.yml")).jobs().keySet());
    assertThat(expanded.job("deploy").path("environment").path("name").asText())
        .isEqualTo("production");
  }

  @Test
  void needsOnlyJobsThatTheSamePipelineHas() throws Exception {
    gitlabCiLocal("main", "--validate-dependency-chain", "--json-schema-validation=false");
  }

  private static String[] mergeRequest() {
    return new String[] {
      "--variable", "CI_PIPELINE_SOURCE=merge_request_event",
      "--variable", "CI_MERGE_REQUEST_IID=1",
      "--variable", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main",
      "--unset-variable", "CI_COMMIT_BRANCH"
    };
  }

  /** Job name to {@code when}, in order of stages; empty when no pipeline would be created. */
  private static Map<String, String> jobs(String branch, String... variables)
      throws IOException, InterruptedException {
    String[] arguments =
        Stream.concat(
                Stream.of("--list-json", "--json-schema-validation=false"), Stream.of(variables))
            .toArray(String[]::new);
    Map<String, String> jobs = new LinkedHashMap<>();
    String output = gitlabCiLocal(branch, arguments);
    // A warning about each predefined variable that is set may stand before the list.
    for (JsonNode job : MAPPER.readTree(output.substring(output.indexOf("[\n")))) {
      jobs.put(job.path("name").asText(), job.path("when").asText());
    }
    if ("never".equals(jobs.remove(WORKFLOW))) {
      return Map.of();
    }
    jobs.values().removeIf("never"::equals);
    return jobs;
  }

  private static String gitlabCiLocal(String branch, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "sh",
            "-euc",
            "cd /clone && git checkout --quiet \"$0\" && exec gitlab-ci-local \"$@\"",
            branch);
    return run(Stream.concat(command.stream(), Stream.of(arguments)).toArray(String[]::new));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    ExecResult result = CONTAINER.execInContainer(command);
    assertThat(result.getExitCode())
        .as("%s%n%s%s", String.join(" ", command), result.getStdout(), result.getStderr())
        .isZero();
    return result.getStdout();
  }
}
