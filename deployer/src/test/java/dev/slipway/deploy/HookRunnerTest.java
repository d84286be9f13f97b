package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.Shell;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.platform.Hook;
import dev.slipway.platform.Hooks;
import dev.slipway.release.ReleaseManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks as real commands of this machine. */
class HookRunnerTest {

  @TempDir private Path folder;
  private final List<String> lines = new ArrayList<>();

  private static final ReleaseManifest RELEASE =
      new ReleaseManifest(
          "a".repeat(40), Optional.of("v7"), Map.of(), Optional.empty(), Map.of(), Instant.EPOCH);

  private HookRunner runner(Hooks hooks) {
    return runner(hooks, Optional.of(new HookRunner.Place(new LocalProcess(), folder.toString())));
  }

  private HookRunner runner(Hooks hooks, Optional<HookRunner.Place> here) {
    Shell noServer =
        (command, deadline, output) -> {
          throw new AssertionError("not for the server: " + command);
        };
    return new HookRunner(
        hooks,
        new HookRunner.Place(noServer, "/nowhere"),
        here,
        new DeployLog(lines::add, new Redaction(List.of())));
  }

  private static Optional<Hook> local(Duration deadline, String script) {
    return Optional.of(new Hook(List.of("sh", "-c", script), true, deadline));
  }

  @Test
  void runsInThePlatformsFolderAndIsToldEverything() {
    Hooks hooks =
        new Hooks(
            local(
                Duration.ofSeconds(30),
                "pwd; echo $SLIPWAY_ACTION $SLIPWAY_COMMIT $SLIPWAY_VERSION $SLIPWAY_OUTCOME; echo $SLIPWAY_RELEASE"),
            Optional.empty());

    runner(hooks).before(Action.ROLLBACK, RELEASE);

    assertThat(lines)
        .contains(
            "      " + folder, "      ROLLBACK " + "a".repeat(40) + " v7 BEGINNING", "      v7");
  }

  @Test
  void endsAHookAtItsDeadline() {
    Hooks hooks = new Hooks(local(Duration.ofMillis(200), "exec sleep 600"), Optional.empty());

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> runner(hooks).before(Action.DEPLOY, RELEASE));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what()).contains("did not end well");
  }

  @Test
  void leavesLocalHooksOutOfARehearsalAndSaysSo() {
    Hooks hooks =
        new Hooks(local(Duration.ofSeconds(30), "exit 1"), local(Duration.ofSeconds(30), "exit 1"));
    HookRunner runner = runner(hooks, Optional.empty());

    runner.before(Action.DEPLOY, RELEASE);

    assertThat(runner.after(Action.DEPLOY, RELEASE, ExitCode.SUCCESS)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines)
        .containsExactly(
            "Hook before the deployment left out, since this is a rehearsal: sh -c exit 1 (local)",
            "Hook after the deployment left out, since this is a rehearsal: sh -c exit 1 (local)");
  }

  @Test
  void doesNothingWithoutHooks() {
    runner(Hooks.NONE).before(Action.DEPLOY, RELEASE);

    assertThat(runner(Hooks.NONE).after(Action.DEPLOY, RELEASE, ExitCode.ROLLED_BACK))
        .isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(lines).isEmpty();
  }
}
