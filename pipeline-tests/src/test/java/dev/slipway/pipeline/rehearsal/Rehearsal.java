package dev.slipway.pipeline.rehearsal;

import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.cli.SlipwayCli;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.PlatformImages;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Platform;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the slipway command on clones of the platform's repository, against a rig. */
public final class Rehearsal {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration SHORT = Duration.ofMinutes(2);

  private final PlatformUnderTest platform;
  private final Rig rig;
  private final Path scratch;

  /** A rehearsal whose files go to {@code scratch}. */
  public Rehearsal(PlatformUnderTest platform, Rig rig, Path scratch) {
    this.platform = platform;
    this.rig = rig;
    this.scratch = scratch;
  }

  /**
   * What one run of the command left.
   *
   * @param exitCode its exit status
   * @param text both outputs
   */
  public record Outcome(int exitCode, String text) {}

  /**
   * A commit, cloned and ready to deploy.
   *
   * @param commit the commit
   * @param directory the platform's folder in the clone
   * @param images what was built from it
   * @param output where its verdict and release lie
   */
  public record Candidate(
      String commit, Path directory, Map<String, BuiltImage> images, Path output) {}

  /** The commit under test, with the images that the other suites have tested. */
  public Candidate current() {
    return candidate(
        platform.commit(), platform.images().all(), platform.images().migrationHead(environment()));
  }

  /** Another commit; its images are built here. */
  public Candidate other(String commit) {
    Platform other =
        CommittedPlatform.read(platform.repository(), commit, platform.variables().all());
    Path sources = scratch.resolve("sources-" + commit.substring(0, 12));
    Folders.create(sources);
    platform.repository().export(commit, sources);
    PlatformImages images =
        new PlatformImages(platform.engine(), platform.repository(), other, commit, sources);
    return candidate(commit, images.all(), images.migrationHead(environment()));
  }

  private Map<String, String> environment() {
    return platform.rig().backendEnvironment();
  }

  /** A commit with its images, under a green verdict. */
  Candidate candidate(String commit, Map<String, BuiltImage> images, Optional<String> schemaHead) {
    Path clone = scratch.resolve("clone-" + commit.substring(0, 12));
    Path output = scratch.resolve("output-" + commit.substring(0, 12));
    Folders.create(output);
    run(ShellCommand.of("git", "init", "--quiet", clone.toString()));
    platform.repository().push(clone.toString(), commit, "rehearsal");
    run(ShellCommand.of("git", "-C", clone.toString(), "checkout", "--quiet", "rehearsal"));
    platform.repository().push(rig.git(), commit, "rehearsal-" + commit.substring(0, 12));
    Verdict verdict =
        new Verdict(
            commit,
            true,
            platform.folder(),
            true,
            images,
            schemaHead,
            List.of(new SuiteResult("deploy", "rehearsal", 1, 0, 0, 0)),
            Instant.EPOCH);
    Folders.write(output.resolve("verdict.json"), Json.page(verdict));
    return new Candidate(commit, clone.resolve(platform.folder()), images, output);
  }

  /** Runs the command as a CI job would, in this process, but without the team's local hooks. */
  public Outcome slipway(Candidate candidate, String... arguments) {
    Map<String, String> variables = rig.variables();
    variables.put("SLIPWAY_REHEARSAL", "true");
    variables.put("SLIPWAY_ROOT", candidate.directory().toString());
    variables.put("SLIPWAY_OUTPUT", candidate.output().toString());
    return slipway(candidate, variables, arguments);
  }

  /** Runs the command with other variables. */
  public Outcome slipway(Candidate candidate, Map<String, String> variables, String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--platform";
    all[arguments.length + 1] = candidate.directory().toString();
    int status = SlipwayCli.run(variables, print, print, all);
    String text = bytes.toString(StandardCharsets.UTF_8);
    LOG.info(
        "slipway {} ended with {}:\n{}",
        String.join(" ", arguments),
        status,
        text.indent(4).stripTrailing());
    return new Outcome(status, text);
  }

  private static void run(ShellCommand command) {
    var result = new LocalProcess().run(command, SHORT);
    if (!result.succeeded()) {
      throw SlipwayException.refused(command + " failed: " + result.tail(5), "Run it by hand.");
    }
  }
}
