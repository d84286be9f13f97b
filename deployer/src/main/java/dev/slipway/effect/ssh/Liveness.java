package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.time.Duration;

/**
 * How it is noticed that the other side is gone: asked after {@code pause} without a word from it,
 * and given up after {@code misses} questions without an answer.
 */
record Liveness(Duration pause, int misses) {

  /** A peer that is gone is noticed within 40 s. */
  static final Liveness USUAL = new Liveness(Duration.ofSeconds(10), 3);

  void applyTo(Session session) throws JSchException {
    session.setServerAliveInterval(Math.toIntExact(pause.toMillis()));
    session.setServerAliveCountMax(misses);
  }
}
