package dev.slipway.deploy.log;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.lock.LockHolder;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.RestorePlan;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Every word that a user reads about a deployment, with the secrets taken out. */
public final class DeployLog {

  private final Consumer<String> sink;
  private final Redaction redaction;
  private final DeployEvents events;

  /** A log that writes lines to a sink after redacting the secrets. */
  public DeployLog(Consumer<String> sink, Redaction redaction) {
    this(sink, redaction, DeployEvents.NONE);
  }

  /** A log that tells somebody else, too. */
  public DeployLog(Consumer<String> sink, Redaction redaction, DeployEvents events) {
    this.sink = sink;
    this.redaction = redaction;
    this.events = events;
  }

  /** Keeps these out of every line from now on. */
  public void conceal(List<Secret> secrets) {
    redaction.add(secrets);
  }

  /** A text for elsewhere, as this log would show it. */
  public String redacted(String text) {
    return redaction.apply(text);
  }

  /** The lock of a dead run is this run's now. */
  public void lockTakenOver(LockHolder dead) {
    line(
        "Took over the lock of "
            + dead
            + ", longer than the "
            + dead.timeToLive().toSeconds()
            + " s that it may be silent.");
  }

  /** The whole plan. */
  public void plan(DeployPlan plan) {
    plan.toString().lines().forEach(this::line);
  }

  /** What a deployment would push before its first step; nothing for a published release. */
  public void unpublished(ReleaseManifest release) {
    if (!release.unpublished().isEmpty()) {
      line(
          "Not published yet; a deployment first pushes "
              + String.join(", ", release.unpublished())
              + ".");
    }
  }

  /** A step begins. */
  public void stepStarted(int number, int of, Step step) {
    print("[" + number + "/" + of + "] " + step.what());
    events.stepStarted(number, of, step);
  }

  /** A step ended well. */
  public void stepFinished(int number, int of, Duration took) {
    print("[" + number + "/" + of + "] done in " + seconds(took));
    events.stepFinished(took);
  }

  /** A line that a command on the server or a migration printed. */
  public void output(String text) {
    line("      " + text);
  }

  /** Why the gate is still shut. */
  public void gateShut(String objection) {
    line("      not yet: " + objection);
  }

  /** The last lines of a service that did not come up. */
  public void culprit(String service, List<String> lines) {
    line("The last lines of " + service + ":");
    lines.forEach(this::output);
  }

  /** What a container's health check printed. */
  public void healthLog(String service, List<String> lines) {
    line("The last words of the health check of " + service + ":");
    lines.forEach(this::output);
  }

  /** New containers can take over. */
  public void proved(List<String> services, Duration took) {
    line(
        "      the new containers of "
            + String.join(", ", services)
            + " are well after "
            + seconds(took));
  }

  /** Old containers have requests to finish. */
  public void draining(int open) {
    line("      the containers that go get no new requests, and finish " + open + " connections");
  }

  /** Old containers have nothing left to do. */
  public void drained(Duration took) {
    line("      they have finished after " + seconds(took));
  }

  /** Old containers are stopped although somebody is still connected. */
  public void notDrained(int open, Duration patience) {
    line(
        "      "
            + open
            + " connections are still open after "
            + seconds(patience)
            + "; their containers are asked to close them");
  }

  /** A service is not well, and that counts for nothing here. */
  public void ill(String service, String why) {
    line(
        "Service "
            + service
            + " "
            + why
            + ", which is not held against this run; `slipway logs "
            + service
            + "` shows more.");
  }

  /** A failure, and what was done about it so far. */
  public void failed(SlipwayException failure) {
    line("FAILED: " + failure.what());
    line("        " + failure.advice());
  }

  /** Going back begins. */
  public void rollingBack(ReleaseManifest to) {
    line("Bringing back " + to.briefCommit() + ", which served before.");
  }

  /** Went back. */
  public void rolledBack(ReleaseManifest to) {
    line("Rolled back: " + to.briefCommit() + " serves again.");
  }

  /** What the schema did on the way. */
  public void schemaMoved(Optional<String> from, Optional<String> to) {
    line(
        "The schema was NOT reverted: it went from "
            + from.orElse("empty")
            + " to "
            + to.orElse("unknown")
            + ". The old version runs on the new schema; restore a backup only if it fails there.");
  }

  /** How to get the database back as it was. */
  public void wayToRestore(String backup) {
    line(
        "To have the database as it was before, without the rows written since: `slipway restore "
            + backup
            + "`");
  }

  /** A backup has taken the database's place. */
  public void restored(RestorePlan plan) {
    line("Restored " + plan.backup() + ", and " + plan.release().briefCommit() + " serves.");
  }

  /**
   * What a backup has replaced is still there.
   *
   * @param until how long it stays by itself, as the middle of a sentence
   */
  public void keptDatabase(String name, String until) {
    line(
        "What was before is kept as database "
            + name
            + until
            + "; drop it when nobody misses a row.");
  }

  /** Containers of services that the version before does not run have been taken away. */
  public void withdrawn(List<String> services, ReleaseManifest before) {
    if (!services.isEmpty()) {
      line(
          "Taken away again, since "
              + before.briefCommit()
              + " had none of it: "
              + String.join(", ", services)
              + ".");
    }
  }

  /** Nothing was swapped. */
  public void oldVersionServes(Optional<ReleaseManifest> current) {
    line(
        current
            .map(release -> "Nothing was swapped: " + release.briefCommit() + " serves as before.")
            .orElse("Nothing was swapped: what served before serves as before."));
  }

  /** There is no earlier release to bring back. */
  public void nothingBefore() {
    line(
        "Nothing served before this first deployment, so there is nothing to bring back; its containers are left to look at.");
  }

  /** The release serves. */
  public void serving(ReleaseManifest release, Duration took) {
    line("Serving " + release.briefCommit() + " after " + seconds(took) + ".");
  }

  /** The release serves, but something after the gate was left undone. */
  public void servingIncomplete(ReleaseManifest release) {
    line("Serving " + release.briefCommit() + ", but not complete: deploy again to finish.");
  }

  /** An image comes through SSH. */
  public void imageSending(long bytes) {
    progress(megabytes(bytes) + " sent");
  }

  /** An image has come through SSH. */
  public void imageSent(long bytes, Duration took) {
    line("      sent " + megabytes(bytes) + " (" + bytes + " bytes) in " + seconds(took));
  }

  /** Images were removed from the server. */
  public void imagesRemoved(int count, long freed) {
    line(
        "      removed "
            + count
            + (count == 1 ? " image" : " images")
            + ", freed "
            + megabytes(freed));
  }

  /** How far a step is; nothing that anybody needs to read afterwards. */
  public void progress(String text) {
    events.progress(redaction.apply(text));
  }

  /** Something else worth a line. */
  public void note(String text) {
    line(text);
  }

  private void line(String text) {
    print(text);
    events.line(redaction.apply(text));
  }

  private void print(String text) {
    sink.accept(redaction.apply(text));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
