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
import java.util.Optional;
import java.util.function.Supplier;

/** Leaves a page, a file for GitLab and a message of a deployment, however it ends. */
final class Reporting {

  private final Project project;
  private final DeployReport report;
  private final Timeline timeline;
  private final StepDisplay display;
  private final DeployLog log;

  Reporting(
      Project project, DeployReport report, Timeline timeline, StepDisplay display, DeployLog log) {
    this.project = project;
    this.report = report;
    this.timeline = timeline;
    this.display = display;
    this.log = log;
  }

  /** Does the work and reports it; the report has no say in how it ends. */
  ExitCode of(Action action, ReleaseManifest release, Supplier<ExitCode> work) {
    display.start();
    try (display) {
      ExitCode code = work.get();
      report(action, release, code, timeline.failure());
      return code;
    } catch (SlipwayException failure) {
      report(action, release, failure.exitCode(), Optional.of(log.redacted(failure.what())));
      throw failure;
    }
  }

  /** An interrupt has done its work by ending the deployment, and must not end this. */
  private void report(
      Action action, ReleaseManifest release, ExitCode code, Optional<String> reason) {
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
            project.environment().healthUrl().map(health -> health.resolve("/")));
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
}
