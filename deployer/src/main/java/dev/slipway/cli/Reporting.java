package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.report.DeployOutcome;
import dev.slipway.deploy.report.DeployReport;
import dev.slipway.deploy.report.Notification;
import dev.slipway.deploy.report.Timeline;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.release.ReleaseManifest;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/** Leaves a page, a file for GitLab and a message of a deployment, however it ends. */
final class Reporting {

  private final Project project;
  private final DeployReport report;
  private final Timeline timeline;
  private final StepDisplay display;
  private final DeployLog log;
  private Optional<ReleaseManifest> release = Optional.empty();

  Reporting(
      Project project, DeployReport report, Timeline timeline, StepDisplay display, DeployLog log) {
    this.project = project;
    this.report = report;
    this.timeline = timeline;
    this.display = display;
    this.log = log;
  }

  /** What the deployment is about, once that is known. */
  void about(ReleaseManifest asked) {
    release = Optional.of(asked);
  }

  /** Does the work and reports it; the report has no say in how it ends. */
  ExitCode of(Action action, Supplier<ExitCode> work) {
    display.start();
    ExitCode code;
    try (display) {
      code = work.get();
    } catch (SlipwayException failure) {
      report(action, failure.exitCode(), Optional.of(log.redacted(failure.what())));
      throw failure;
    } catch (RuntimeException fault) {
      String what = "Slipway itself failed: " + fault + ".";
      report(action, ExitCode.INTERNAL_ERROR, Optional.of(log.redacted(what)));
      throw fault;
    }
    report(action, code, timeline.failure());
    return code;
  }

  /** An interrupt has done its work by ending the deployment, and must not end this. */
  private void report(Action action, ExitCode code, Optional<String> reason) {
    boolean interrupted = Thread.interrupted();
    DeployOutcome outcome =
        new DeployOutcome(
            project.platform().name(),
            action,
            release,
            code,
            reason,
            project.environment().deployer().by(),
            timeline.elapsed(),
            address());
    report.write(outcome, timeline).forEach(log::note);
    project
        .environment()
        .find("SLIPWAY_WEBHOOK_URL")
        .map(Secret::of)
        .flatMap(address -> Notification.send(address, outcome))
        .ifPresent(why -> log.note("The notification was not sent: " + why + "."));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<URI> address() {
    try {
      return project.environment().healthUrl().map(health -> health.resolve("/"));
    } catch (SlipwayException unreadable) {
      return Optional.empty(); // why the deployment was refused
    }
  }
}
