package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the sessions of a route: connects, verifies the host key and logs in, at each server.
 *
 * <p>A server that turns a connection away before it says who it is, as sshd does when many come at
 * once (MaxStartups), is asked again until the time is over.
 */
final class SessionOpener {

  /**
   * In which ways keys may be exchanged: JSch's own but for ML-KEM, which needs a newer
   * BouncyCastle than docker-java brings. All are there, so that none need be tried first, for
   * which JSch takes up to a fifth of a second at each connection.
   */
  static final String KEY_EXCHANGES =
      Stream.of(JSch.getConfig("kex").split(",", -1))
          .filter(name -> !name.startsWith("mlkem"))
          .collect(Collectors.joining(","));

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final KnownHosts knownHosts;
  private final Duration timeout;
  private final Liveness liveness;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();

  SessionOpener(KnownHosts knownHosts, Duration timeout, Liveness liveness) {
    this.knownHosts = knownHosts;
    this.timeout = timeout;
    this.liveness = liveness;
  }

  /** Opens the session to the server, and the one to the jump before it. */
  Session open(SshRoute route) throws InterruptedException {
    SshTarget target = route.server().target();
    if (route.jump().isEmpty()) {
      return connect(route.server(), target.host(), target.port(), Optional.empty());
    }
    SshTarget via = route.jump().get().target();
    Session jump = connect(route.jump().get(), via.host(), via.port(), Optional.empty());
    int local = forward(jump, target);
    try {
      return connect(route.server(), PortForward.LOOPBACK, local, Optional.of(via));
    } finally {
      // What is connected stays so; nobody else comes in this way.
      new PortForward(jump, local).close();
    }
  }

  /** Ends every session that was opened or is being opened. */
  void close() {
    List<Session> backwards = new ArrayList<>(sessions);
    Collections.reverse(backwards);
    backwards.forEach(Session::disconnect);
  }

  private static int forward(Session jump, SshTarget target) {
    try {
      return jump.setPortForwardingL(PortForward.LOOPBACK, 0, target.host(), target.port());
    } catch (JSchException failure) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          "No way through PROD_SSH_JUMP to " + target.address() + ": " + failure.getMessage() + ".",
          "Run again; if that does not help, look at the jump host's sshd.",
          failure);
    }
  }

  private Session connect(SshHop hop, String host, int port, Optional<SshTarget> via)
      throws InterruptedException {
    HostKeyCheck check = new HostKeyCheck(hop.target(), knownHosts);
    SshFailures failures = new SshFailures(hop, via, knownHosts);
    long end = System.nanoTime() + timeout.toNanos();
    Optional<JSchException> turnedAway = Optional.empty();
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      Session session = prepare(hop, host, port, check);
      sessions.add(session);
      try {
        session.connect(Math.toIntExact(timeout.toMillis()));
        return session;
      } catch (JSchException failure) {
        sessions.remove(session);
        if (SshFailures.isDefinite(failure)) {
          throw failures.connecting(failure, check.shown());
        }
        turnedAway = turnedAway.or(() -> Optional.of(failure));
        if (!SshFailures.isTurnedAway(failure) || System.nanoTime() + pause * 1_000_000 > end) {
          throw failures.connecting(turnedAway.get(), check.shown());
        }
        logger().debug("{} turned the connection away; asking again", hop.target(), failure);
        Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
      }
    }
  }

  /** Most sessions need none, and making the first takes a tenth of a start. */
  private static Logger logger() {
    return LoggerFactory.getLogger(SessionOpener.class);
  }

  private Session prepare(SshHop hop, String host, int port, HostKeyCheck check) {
    try {
      JSch jsch = new JSch();
      hop.identity().offerTo(jsch);
      Session session = jsch.getSession(hop.target().user(), host, port);
      session.setHostKeyRepository(check);
      session.setConfig("StrictHostKeyChecking", "yes");
      session.setConfig("prefer_known_host_key_types", "no");
      session.setConfig("server_host_key", check.algorithms());
      session.setConfig("PreferredAuthentications", "publickey");
      session.setConfig("kex", KEY_EXCHANGES);
      session.setConfig("CheckKexes", "");
      liveness.applyTo(session);
      session.setDaemonThread(true);
      return session;
    } catch (JSchException unusable) {
      throw new SlipwayException(
          ExitCode.INTERNAL_ERROR,
          "A connection to " + hop.target() + " could not be prepared.",
          "Report this with the log.",
          unusable);
    }
  }
}
