package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Fault.Wanted.AFTER_ONE_THAT_STOPS_SLOWLY;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.FRESH;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.KEEPING_ONE;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.KNOWN;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.MIGRATING;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.OTHER_EDGE;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.SENT;

import dev.slipway.pipeline.rehearsal.Fault.Outage;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import dev.slipway.pipeline.rehearsal.Fault.Wanted;
import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.util.ArrayList;
import java.util.List;

/** The deployer is told to stop, as by a cancelled job, before, during and after each step. */
final class TerminatedRuns {

  private static final Strike TERMINATE = scene -> scene.process().signal("TERM");

  private TerminatedRuns() {}

  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>(beforeTheSwap());
    faults.addAll(fromTheSwapOn());
    return faults;
  }

  private static Fault terminated(String moment, Wanted wanted, At at) {
    return Fault.at("SIGTERM", moment, wanted, at, TERMINATE);
  }

  private static List<Fault> beforeTheSwap() {
    return List.of(
        Fault.at(
            "SIGTERM",
            "pushing the images",
            FRESH,
            Moments.SEEN_BEFORE_THE_PUSH,
            Moments.said("Pushing ").then(TERMINATE)),
        terminated("before the fetch", FRESH, Moments.BEFORE_THE_FETCH),
        Fault.at(
                "SIGTERM",
                "pulling",
                FRESH,
                Moments.BEFORE_THE_PULL,
                ((Strike) RegistryFaults::freezeInThePull).then(TERMINATE))
            .mendedBy(RegistryFaults::thaw),
        terminated("sending an image through SSH", SENT, Moments.BEFORE_THE_PULL),
        terminated("before the checkout", KNOWN, Moments.BEFORE_THE_CHECKOUT),
        terminated("checked out", KNOWN, Moments.CHECKED_OUT),
        terminated("the backup begins", MIGRATING, Moments.BEFORE_THE_DUMP),
        terminated("the backup is being proved", MIGRATING, Moments.PROVING),
        Fault.at(
            "SIGTERM",
            "migrating",
            MIGRATING,
            Moments.MIGRATING,
            ((Strike) Moments::awaitTheMigration).then(TERMINATE)),
        terminated("migrated", MIGRATING, Moments.MIGRATED));
  }

  private static List<Fault> fromTheSwapOn() {
    return List.of(
        terminated("compose's own second container stands there", KNOWN, Moments.SECOND_MADE),
        terminated("the new container is created", KNOWN, Moments.CREATED),
        terminated("it is started", KNOWN, Moments.STARTED),
        terminated("it is well, the edge not yet switched", KNOWN, Moments.WELL),
        terminated("the edge is switched", KNOWN, Moments.SWITCHED),
        terminated("the old container drains", KNOWN, Moments.DRAINING),
        terminated("it is stopping", AFTER_ONE_THAT_STOPS_SLOWLY, Moments.STOPPING),
        terminated("it is stopped", KNOWN, Moments.STOPPED),
        terminated("the new one has its name", KNOWN, Moments.RENAMED),
        terminated("the new edge is being tried", OTHER_EDGE, Moments.EDGE_TRIED)
            .with(Outage.IN_THE_NEXT_RUN),
        terminated("the old edge is stopped", OTHER_EDGE, Moments.EDGE_STOPPED)
            .with(Outage.AND_IN_THE_NEXT_RUN),
        terminated("the gate is passed", KNOWN, Moments.PASSED),
        terminated("old images are being removed", KEEPING_ONE, Moments.IMAGES_GO),
        terminated("only the ledger is not written", KNOWN, Moments.BEFORE_THE_LEDGER));
  }
}
