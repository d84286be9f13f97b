package dev.slipway.deploy.server;

import dev.slipway.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the same thing again and again in the background until it is closed. */
public final class Heartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final ScheduledExecutorService thread;

  private Heartbeat(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** Begins; a beat that fails is followed by the next. */
  public static Heartbeat every(Duration pause, Runnable beat) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("heartbeat"));
    long nanos = pause.toNanos();
    // Nothing waits for this future: a beat that fails says so in the log.
    var unused =
        thread.scheduleWithFixedDelay(() -> once(beat), nanos, nanos, TimeUnit.NANOSECONDS);
    return new Heartbeat(thread);
  }

  private static void once(Runnable beat) {
    try {
      beat.run();
    } catch (RuntimeException failure) {
      LOG.debug("a heartbeat failed", failure);
    }
  }

  /** Ends without cutting a beat short: a remote command that is cut short has to be ended too. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
