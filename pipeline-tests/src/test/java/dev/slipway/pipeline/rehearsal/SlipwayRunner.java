package dev.slipway.pipeline.rehearsal;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code bin/slipway} as a process of its own, which sees no variables but those it is given. */
final class SlipwayRunner {

  private static final long PATIENCE_MINUTES = 8;
  private static final List<String> NEEDED =
      List.of("PATH", "JAVA_HOME", "DOCKER_HOST", "DOCKER_TLS_CERTDIR");

  private final Path program;
  private final Path printed;
  private int runs;

  /** One that leaves what it prints in a folder, two files a run. */
  SlipwayRunner(Path root, Path printed) {
    this.program = root.resolve("bin/slipway");
    this.printed = printed;
  }

  /**
   * What a run left.
   *
   * @param status its exit code
   * @param output its standard output
   * @param errors its standard error
   */
  record Ended(int status, String output, String errors) {

    String text() {
      return output + errors;
    }
  }

  Ended run(Candidate candidate, Map<String, String> variables, List<String> words) {
    runs++;
    Path output = printed.resolve(runs + ".out");
    Path errors = printed.resolve(runs + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.of(
                        Stream.of(program.toString()),
                        words.stream(),
                        Stream.of("--platform", candidate.directory().toString()))
                    .flatMap(part -> part)
                    .toList())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().keySet().retainAll(NEEDED);
    builder.environment().putAll(variables);
    builder.environment().put("SLIPWAY_ROOT", candidate.directory().toString());
    builder.environment().put("SLIPWAY_OUTPUT", candidate.output().toString());
    try {
      return new Ended(await(builder.start()), Files.readString(output), Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int await(Process process) {
    try {
      if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError("slipway still runs after " + PATIENCE_MINUTES + " minutes");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
