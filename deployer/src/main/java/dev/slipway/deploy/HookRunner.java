package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.platform.Hook;
import dev.slipway.platform.Hooks;
import dev.slipway.release.ReleaseManifest;
import java.util.Optional;

/** Runs the team's own commands before and after a deployment. */
final class HookRunner {

  /**
   * Somewhere to run a hook.
   *
   * @param folder where the platform lies there
   */
  record Place(Shell shell, String folder) {}

  private final Hooks hooks;
  private final Place server;
  private final Optional<Place> here;
  private final DeployLog log;

  /**
   * Runs some.
   *
   * @param here where local hooks run; empty: they are left out
   */
  HookRunner(Hooks hooks, Place server, Optional<Place> here, DeployLog log) {
    this.hooks = hooks;
    this.server = server;
    this.here = here;
    this.log = log;
  }

  /**
   * Runs the hook that comes before.
   *
   * @throws SlipwayException a refusal when it fails: nothing was changed yet
   */
  void before(Action action, ReleaseManifest release) {
    hooks
        .before()
        .flatMap(hook -> trouble("before", hook, command(hook, action, release, "BEGINNING")))
        .ifPresent(
            trouble -> {
              throw SlipwayException.refused(
                  "The hook before the deployment " + trouble + ".",
                  "Nothing was changed. Mend what it complains of, or `hooks.before` in slipway.yml.");
            });
  }

  /** Runs the hook that comes after, and says how the deployment ended with it. */
  ExitCode after(Action action, ReleaseManifest release, ExitCode outcome) {
    Optional<String> trouble =
        hooks
            .after()
            .flatMap(hook -> trouble("after", hook, command(hook, action, release, outcome + "")));
    trouble.ifPresent(what -> log.note("FAILED: The hook after the deployment " + what + "."));
    return trouble.isPresent() && outcome == ExitCode.SUCCESS
        ? ExitCode.SERVING_INCOMPLETE
        : outcome;
  }

  /** A hook with the variables that tell it of the deployment. */
  static ShellCommand command(Hook hook, Action action, ReleaseManifest release, String outcome) {
    String version = release.version().orElse(release.briefCommit());
    return ShellCommand.of(hook.command())
        .withVariable("SLIPWAY_ACTION", action.toString())
        .withVariable("SLIPWAY_COMMIT", release.commit())
        .withVariable("SLIPWAY_VERSION", version)
        // The name of old.
        .withVariable("SLIPWAY_RELEASE", version)
        .withVariable("SLIPWAY_OUTCOME", outcome);
  }

  /** What went wrong with a hook; empty when nothing did. */
  private Optional<String> trouble(String when, Hook hook, ShellCommand command) {
    Optional<Place> place = hook.local() ? here : Optional.of(server);
    log.note(
        "Hook "
            + when
            + " the deployment"
            + (place.isPresent() ? "" : " left out, since this is a rehearsal")
            + ": "
            + hook);
    return place.flatMap(known -> trouble(known, hook, command));
  }

  private Optional<String> trouble(Place place, Hook hook, ShellCommand command) {
    try {
      CommandResult result =
          place.shell().run(command.in(place.folder()), hook.deadline(), log::output);
      return result.succeeded()
          ? Optional.empty()
          : Optional.of("failed with exit status " + result.exitStatus() + ": " + result.tail(3));
    } catch (SlipwayException cutShort) {
      return Optional.of("did not end well: " + cutShort.what().replaceFirst("\\.$", ""));
    }
  }
}
