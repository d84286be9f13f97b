package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code bin/slipway} as a process of its own that is told to stop while it deploys. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class InterruptionIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Production production;
  private final SampleReleases releases;

  InterruptionIT(Production production) {
    this.production = production;
    this.releases = production.releases();
  }

  @BeforeAll
  void serveTheGoodRelease() {
    production.serveGood();
  }

  @AfterEach
  void theGoodReleaseServesAndNobodyHoldsTheLock() {
    assertThat(production.locked()).isFalse();
    assertThat(production.servedVersion()).isEqualTo(Production.version(production.good()));
    assertThat(production.checkedOut()).isEqualTo(production.good().commit());
    assertThat(production.schema()).isEqualTo(releases.head());
  }

  @Test
  void leavesTheOldContainerAloneWhenInterruptedAtTheGate() {
    Candidate neverGreen =
        production.candidate(
            releases.with(
                "Answer as another version",
                releases.changed(
                    "backend/app/health.py",
                    "version=self._settings.app_version",
                    "version=\"another\"")));
    Map<String, String> images = production.runningImages();

    Outcome outcome = interrupted(neverGreen, "not yet: version another answers", "INT");

    assertThat(outcome.text()).contains("Interrupted", "Nothing was swapped: ");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(production.runningImages()).isEqualTo(images);
    assertThat(newest(production.ledger()))
        .isEqualTo("DEPLOY FAILED " + production.good().commit());
  }

  @Test
  void endsTheMigrationOnTheServerWhenTerminatedInTheMiddleOfIt() {
    Candidate slow =
        production.candidate(
            releases.with(
                "Migrate slowly", releases.migration("op.execute(\"SELECT pg_sleep(45)\")")));
    String backend = production.container("backend");

    Outcome outcome = interrupted(slow, "Running upgrade", "TERM");

    assertThat(outcome.text()).contains("was interrupted", "serves as before");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.onServer("docker ps -q --filter label=com.docker.compose.oneoff=True"))
        .isEmpty();
    assertThat(
            production.query(
                "select count(*) from pg_stat_activity where query like '%pg_sleep(45)%' and pid <> pg_backend_pid()"))
        .isEqualTo("0");
    assertThat(newest(production.ledger()))
        .isEqualTo("DEPLOY FAILED " + production.good().commit());
  }

  @Test
  void takesOverTheLockOfADeployerThatWasKilled() {
    Candidate neverGreen =
        production.candidate(
            releases.with(
                "Answer as a third version",
                releases.changed(
                    "backend/app/health.py",
                    "version=self._settings.app_version",
                    "version=\"third\"")));

    interrupted(neverGreen, "not yet: version third answers", "KILL");
    assertThat(production.locked()).isTrue();
    Outcome tooEarly = production.slipway(production.good(), "deploy");
    assertThat(tooEarly.exitCode()).withFailMessage("%s", tooEarly.text()).isEqualTo(6);
    production.onServer("touch -d '-91 seconds' /opt/platform-v2/.slipway/lock/owner");

    assertThat(production.succeed(production.good(), "deploy").text())
        .containsPattern("Took over the lock of tester@.* \\(tester, process \\d+ on ");
  }

  private Outcome interrupted(Candidate candidate, String moment, String signal) {
    Path output = production.file("interrupted-by-" + signal);
    Process process = start(candidate, output);
    try {
      Eventually.within(
          PATIENCE,
          () -> read(output).contains(moment) || !process.isAlive(),
          () -> "slipway never said `" + moment + "`:\n" + read(output));
      assertThat(process.isAlive()).withFailMessage("ended: %s", read(output)).isTrue();
      new LocalProcess()
          .run(
              ShellCommand.of("kill", "-s", signal, String.valueOf(process.pid())),
              Duration.ofSeconds(10));
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .withFailMessage("still running: %s", read(output))
          .isTrue();
      return new Outcome(process.exitValue(), read(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(Candidate candidate, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(
            production.root().resolve("bin/slipway").toString(),
            "deploy",
            "--platform",
            candidate.directory().toString());
    builder.environment().putAll(production.variables(candidate));
    try {
      return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String newest(List<String> ledger) {
    return ledger.get(ledger.size() - 1);
  }
}
