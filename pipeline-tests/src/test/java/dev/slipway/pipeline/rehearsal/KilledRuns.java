package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Fault.Wanted.AFTER_ONE_THAT_STOPS_SLOWLY;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.FRESH;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.KEEPING_ONE;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.KNOWN;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.MIGRATING;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.OTHER_EDGE;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.OTHER_REDIS;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.SENT;

import dev.slipway.pipeline.rehearsal.Fault.Outage;
import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import dev.slipway.pipeline.rehearsal.Fault.Wanted;
import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.util.ArrayList;
import java.util.List;

/** The deployer is gone from one moment to the next, before, during and after each step. */
final class KilledRuns {

  private static final Strike KILL = scene -> scene.process().signal("KILL");

  private KilledRuns() {}

  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>(bringing());
    faults.addAll(migrating());
    faults.addAll(swapping());
    faults.addAll(replacing());
    faults.addAll(finishing());
    faults.addAll(healing());
    return faults;
  }

  private static Fault killed(String moment, Wanted wanted, At at) {
    return Fault.at("kill -9", moment, wanted, at, KILL);
  }

  private static List<Fault> bringing() {
    return List.of(
        killed("nothing is pushed yet", FRESH, Moments.SEEN_BEFORE_THE_PUSH),
        Fault.at(
            "kill -9",
            "pushing the images",
            FRESH,
            Moments.SEEN_BEFORE_THE_PUSH,
            Moments.said("Pushing ").then(KILL)),
        killed("before the fetch", FRESH, Moments.BEFORE_THE_FETCH),
        killed("fetched", FRESH, Moments.FETCHED),
        killed("before the login for the pull", FRESH, Moments.BEFORE_THE_LOGIN),
        Fault.at(
                "kill -9",
                "pulling",
                FRESH,
                Moments.BEFORE_THE_PULL,
                ((Strike) RegistryFaults::freezeInThePull).then(KILL))
            .mendedBy(RegistryFaults::thaw),
        killed("pulled", FRESH, Moments.PULLED),
        killed("sending an image through SSH", SENT, Moments.BEFORE_THE_PULL),
        killed("before the checkout", FRESH, Moments.BEFORE_THE_CHECKOUT),
        killed("checked out", FRESH, Moments.CHECKED_OUT));
  }

  private static List<Fault> migrating() {
    return List.of(
        killed("the backup begins", MIGRATING, Moments.BEFORE_THE_DUMP),
        killed("the backup is being proved", MIGRATING, Moments.PROVING),
        killed("the backup is there", MIGRATING, Moments.BACKED_UP),
        Fault.at(
            "kill -9",
            "migrating",
            MIGRATING,
            Moments.MIGRATING,
            ((Strike) Moments::awaitTheMigration).then(KILL)),
        killed("migrated", MIGRATING, Moments.MIGRATED));
  }

  private static List<Fault> swapping() {
    return List.of(
        killed("compose's own second container stands there", KNOWN, Moments.SECOND_MADE),
        killed("the new container is created", KNOWN, Moments.CREATED),
        killed("it is started", KNOWN, Moments.STARTED),
        killed("it is well, the edge not yet switched", KNOWN, Moments.WELL),
        killed("the edge is switched", KNOWN, Moments.SWITCHED),
        killed("the old container drains", KNOWN, Moments.DRAINING),
        killed("it is stopping", AFTER_ONE_THAT_STOPS_SLOWLY, Moments.STOPPING),
        killed("it is stopped", KNOWN, Moments.STOPPED),
        killed("it is removed", KNOWN, Moments.REMOVED),
        killed("the new one has its name", KNOWN, Moments.RENAMED),
        killed("the rules are gone", KNOWN, Moments.ADMITTED),
        killed("the swap has ended", KNOWN, Moments.SWAP_ENDED));
  }

  private static List<Fault> replacing() {
    return List.of(
        killed("a frontend that had gone is being started", KNOWN, Moments.COMPOSE_UP)
            .after(scene -> scene.onServer("docker rm -f " + frontend(scene)))
            .with(Outage.UNTIL_THE_NEXT_RUN),
        killed("Redis is being replaced in place", OTHER_REDIS, Moments.COMPOSE_UP)
            .with(Outage.UNTIL_IT_ANSWERS),
        killed("the new edge is being tried", OTHER_EDGE, Moments.EDGE_TRIED)
            .with(Outage.IN_THE_NEXT_RUN),
        killed("the old edge is stopped", OTHER_EDGE, Moments.EDGE_STOPPED)
            .with(Outage.AND_IN_THE_NEXT_RUN));
  }

  private static String frontend(Scene scene) {
    return scene.production().container("frontend");
  }

  private static List<Fault> finishing() {
    return List.of(
        killed("the gate is passed", KNOWN, Moments.PASSED),
        killed("one of two variables is recorded", KNOWN, Moments.HALF_RECORDED),
        killed("both are recorded", KNOWN, Moments.RECORDED),
        killed("old images are being removed", KEEPING_ONE, Moments.IMAGES_GO),
        killed("only the ledger is not written", KNOWN, Moments.BEFORE_THE_LEDGER),
        killed("the ledger is written", KNOWN, Moments.UNLOCKING));
  }

  private static List<Fault> healing() {
    return List.of(
        Fault.at(
            "kill -9, and the next run too",
            "the edge is switched; tidying up, a container is stopped",
            KNOWN,
            Moments.SWITCHED,
            KILL.then(scene -> killTheNext(scene, Moments.STOPPED))),
        Fault.at(
            "SIGTERM, then kill -9",
            "the edge is switched; going back, a container is stopped",
            KNOWN,
            Moments.SWITCHED,
            KilledRuns::killOnTheWayBack));
  }

  private static void killTheNext(Scene scene, At at) {
    Production production = scene.production();
    scene.process().awaitEnd();
    scene.pauses().abandon();
    production.expireLock();
    scene.pauses().arm(at);
    try (SlipwayProcess next =
        SlipwayProcess.start(production, scene.wanted(), scene.variables(), "deploy")) {
      scene.pauses().await(at, next::isAlive, next::text);
      next.signal("KILL");
      next.awaitEnd();
    }
  }

  /** The signal has the held command ended on the server, and what comes after it is held. */
  private static void killOnTheWayBack(Scene scene) {
    scene.pauses().arm(Moments.STOPPED);
    scene.process().signal("TERM");
    scene.pauses().await(Moments.STOPPED, scene.process()::isAlive, scene.process()::text);
    KILL.on(scene);
  }
}
