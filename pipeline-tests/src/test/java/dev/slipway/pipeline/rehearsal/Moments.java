package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Pauses.At.after;
import static dev.slipway.pipeline.rehearsal.Pauses.At.before;
import static dev.slipway.pipeline.rehearsal.Pauses.At.during;

import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.time.Duration;

/** Moments of a deployment, by the commands that it runs on the server. */
final class Moments {

  private static final String CHAIN = "docker run .*iptables-restore -w";
  private static final String RECORD = "mv .*env.slipway";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Preflight logs in, and each of the two looks at the way to the registry; then nothing else. */
  static final At SEEN_BEFORE_THE_PUSH = after("docker login").number(2);

  static final At BEFORE_THE_FETCH = before("git .*fetch");
  static final At FETCHED = after("git .*fetch");
  static final At BEFORE_THE_LOGIN = before("docker login").number(4);
  static final At BEFORE_THE_PULL = before("docker pull");
  static final At PULLED = after("docker pull");
  static final At BEFORE_THE_CHECKOUT = before("git .*checkout");
  static final At CHECKED_OUT = after("git .*checkout");
  static final At BEFORE_THE_DUMP = before("docker exec .*slipway-backup");
  static final At PROVING = before("docker exec .*pg_restore");
  static final At BACKED_UP = after("mv -- .*dump");
  static final At MIGRATING = during("compose.* run ");
  static final At MIGRATED = after("compose.* run ");
  static final At SECOND_MADE = after("compose.* --scale");
  static final At CREATED = after("docker system dial-stdio");
  static final At STARTED = after("docker start ");
  static final At WELL = before(CHAIN).number(3);
  static final At SWITCHED = after(CHAIN).number(3);
  static final At DRAINING = before("docker exec .*/proc/net/tcp");
  static final At STOPPING = during("docker stop ");
  static final At STOPPED = after("docker stop ");
  static final At REMOVED = after("docker rm --force --volumes").number(2);
  static final At RENAMED = after("docker rename");
  static final At ADMITTED = after("docker run .*-X SLIPWAY");
  static final At SWAP_ENDED = after("rm -f .*/swap");
  static final At PASSED = before(RECORD);
  static final At HALF_RECORDED = after(RECORD);
  static final At RECORDED = after(RECORD).number(2);
  static final At BEFORE_THE_LEDGER = before("docker exec .*alembic_version").number(2);
  static final At IMAGES_GO = before("docker image rm");
  static final At UNLOCKING = before("rm -rf .*/lock");
  static final At COMPOSE_UP = during("compose.* up -d");
  static final At EDGE_TRIED = after("docker start ").number(2);
  static final At EDGE_STOPPED = after("docker stop --time 0");

  private Moments() {}

  /** Lets the held command go on and waits until the run has said something. */
  static Strike said(String words) {
    return scene -> {
      scene.pauses().release();
      awaitSaid(scene, words);
    };
  }

  /** Waits until the migration is in its new revision. */
  static void awaitTheMigration(Scene scene) {
    awaitSaid(scene, "Running upgrade");
  }

  private static void awaitSaid(Scene scene, String words) {
    SlipwayProcess process = scene.process();
    Eventually.within(PATIENCE, () -> process.text().contains(words), process::text);
  }
}
