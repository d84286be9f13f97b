package dev.slipway.effect.ssh;

import java.time.Duration;

/**
 * How many commands one connection runs. Servers limit that, some to two, and who is refused has to
 * wait until another has ended.
 *
 * @see <a href="https://man.openbsd.org/sshd_config#MaxSessions">sshd_config, MaxSessions</a>
 */
final class OpenSessions {

  private int open;
  private long ended;

  synchronized void begun() {
    open++;
  }

  synchronized void notBegun() {
    open--;
    notifyAll();
  }

  synchronized void over() {
    open--;
    ended++;
    notifyAll();
  }

  /** How many have ended so far. */
  synchronized long ended() {
    return ended;
  }

  /**
   * Waits until more than these have ended.
   *
   * @return false when none is open that could end, or {@code patience} is over
   */
  synchronized boolean awaitMoreThan(long before, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (ended == before) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (open == 0 || left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
