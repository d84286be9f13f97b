package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code bin/slipway} as a process of its own. */
final class SlipwayProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Process process;
  private final Path output;

  private SlipwayProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a command on a candidate, with these variables. It hears SIGINT, which a shell keeps
   * from all that it runs in the background.
   */
  static SlipwayProcess start(
      Production production, Candidate candidate, Map<String, String> variables, String... words) {
    Path output = production.file("process-output");
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(production.root().resolve("bin/slipway").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("--platform", candidate.directory().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(variables);
    try {
      return new SlipwayProcess(
          builder.redirectErrorStream(true).redirectOutput(output.toFile()).start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has printed so far. */
  String text() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal such as {@code TERM}. */
  void signal(String name) {
    new LocalProcess()
        .run(
            ShellCommand.of("kill", "-s", name, String.valueOf(process.pid())),
            Duration.ofSeconds(10));
  }

  /** Waits for its end. */
  Outcome awaitEnd() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .withFailMessage("still running: %s", text())
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return new Outcome(process.exitValue(), text());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
