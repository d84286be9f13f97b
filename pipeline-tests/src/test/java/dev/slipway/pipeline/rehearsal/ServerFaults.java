package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.Fault.Wanted.FRESH;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.KNOWN;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.MIGRATING;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.OTHER_EDGE;
import static dev.slipway.pipeline.rehearsal.Fault.Wanted.STARVED;

import dev.slipway.pipeline.rehearsal.Fault.Outage;
import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Strike;
import dev.slipway.pipeline.rehearsal.Fault.Wanted;
import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.util.List;

/**
 * The server runs out of disk or memory, has another time, or is restarted as a whole or in part.
 */
final class ServerFaults {

  private static final String STATE = "/opt/platform-v2/.slipway";
  private static final String LEDGER = STATE + "/ledger.jsonl";
  private static final String SMALL = "/mnt";
  private static final String BACKUPS = STATE + "/backups";
  private static final Strike RELEASE = scene -> scene.pauses().release();
  private static final Strike NO_BACKUPS = scene -> scene.onServer("umount " + BACKUPS);

  private ServerFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.at(
                "disk full",
                "at the pull",
                FRESH,
                Moments.BEFORE_THE_PULL,
                onServer("mount -t tmpfs -o size=4k tmpfs /var/lib/docker/tmp").then(RELEASE))
            .mendedBy(onServer("umount /var/lib/docker/tmp")),
        Fault.fromTheStart("disk full", "before the backup", MIGRATING, onServer(mount("4k")))
            .mendedBy(NO_BACKUPS),
        Fault.at(
                "disk full",
                "in the backup",
                MIGRATING,
                Moments.BEFORE_THE_DUMP,
                onServer("mount -o remount,size=4k " + BACKUPS).then(RELEASE))
            .after(onServer(mount("8g")))
            .mendedBy(NO_BACKUPS),
        Fault.at(
                "disk full",
                "at the ledger",
                KNOWN,
                Moments.RECORDED,
                onServer(
                        ("mount -t tmpfs -o size=1m tmpfs SMALL && cp -p FILE SMALL && mount --bind SMALL/ledger.jsonl FILE"
                                + " && dd if=/dev/zero of=SMALL/rest bs=4k 2>/dev/null;"
                                + " bytes=$(wc -c < FILE); printf %$((4096 - bytes % 4096 - 100))s '' | tr ' ' '\\n' >> FILE")
                            .replace("FILE", LEDGER)
                            .replace("SMALL", SMALL))
                    .then(RELEASE))
            .mendedBy(
                onServer(
                    "umount FILE && grep . SMALL/ledger.jsonl > FILE && umount SMALL"
                        .replace("FILE", LEDGER)
                        .replace("SMALL", SMALL))),
        Fault.fromTheStart("out of memory", "the new container starts", STARVED, Fault.NOTHING),
        Fault.fromTheStart(
                "the server's clock is an hour ahead",
                "at the start",
                KNOWN,
                onServer(
                    "printf '#!/bin/sh\\nexec /usr/bin/date --date=1hour \"$@\"\\n' > /usr/local/bin/date;"
                        + " chmod 755 /usr/local/bin/date"))
            .mendedBy(onServer("rm /usr/local/bin/date")),
        rebooted("pulled", FRESH, Moments.PULLED),
        rebooted("the new container is started", KNOWN, Moments.STARTED),
        rebooted("the edge is switched", KNOWN, Moments.SWITCHED),
        rebooted("the old container is stopped", KNOWN, Moments.STOPPED),
        rebooted("the old edge is stopped", OTHER_EDGE, Moments.EDGE_STOPPED)
            .with(Outage.OF_THE_EDGE),
        rebooted("the gate is passed", KNOWN, Moments.PASSED),
        migrating("server rebooted", scene -> scene.production().rig().reboot()),
        migrating("postgres restarted", ServerFaults::restartPostgres));
  }

  private static String mount(String size) {
    return "install -d -o deploy -g deploy -m 700 DIR && mount -t tmpfs -o size=SIZE,mode=700 tmpfs DIR && chown deploy:deploy DIR"
        .replace("DIR", BACKUPS)
        .replace("SIZE", size);
  }

  private static Strike onServer(String script) {
    return scene -> scene.onServer(script);
  }

  private static Fault rebooted(String moment, Wanted wanted, At at) {
    return Fault.at(
            "server rebooted", moment, wanted, at, scene -> scene.production().rig().reboot())
        .with(Outage.UNTIL_IT_ANSWERS);
  }

  private static Fault migrating(String name, Strike strike) {
    return Fault.at(
            name,
            "migrating",
            MIGRATING,
            Moments.MIGRATING,
            ((Strike) Moments::awaitTheMigration).then(strike))
        .with(Outage.UNTIL_IT_ANSWERS);
  }

  private static void restartPostgres(Scene scene) {
    scene.onServer("docker restart " + scene.production().container("postgres"));
    scene.pauses().release();
  }
}
