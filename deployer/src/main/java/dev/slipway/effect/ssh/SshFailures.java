package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import dev.slipway.ExitCode;
import dev.slipway.RootCause;
import dev.slipway.SlipwayException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one place where a failed connection becomes words. */
final class SshFailures {

  private final SshHop hop;
  private final SshTarget target;
  private final Optional<SshTarget> via;
  private final KnownHosts knownHosts;

  /** Words about one server, which is reached through another if {@code via} names one. */
  SshFailures(SshHop hop, Optional<SshTarget> via, KnownHosts knownHosts) {
    this.hop = hop;
    this.target = hop.target();
    this.via = via;
    this.knownHosts = knownHosts;
  }

  /** Whether the server itself was reached, so that nothing changes by asking again. */
  static boolean isDefinite(JSchException failure) {
    return failure instanceof JSchHostKeyException
        || failure instanceof JSchAlgoNegoFailException
        || isRefusedLogin(failure)
        || isTriedTooOften(failure);
  }

  /** Whether the connection was closed before the server said who it is. */
  static boolean isTurnedAway(JSchException failure) {
    Throwable cause = RootCause.of(failure);
    String said = String.valueOf(cause.getMessage());
    return said.contains("closed by foreign host")
        || said.contains("End of IO Stream Read")
        || (cause instanceof SocketException && said.matches("Connection reset.*|Broken pipe.*"));
  }

  private static boolean isRefusedLogin(Throwable failure) {
    return String.valueOf(failure.getMessage()).startsWith("Auth ");
  }

  /** sshd ends the connection after so many keys, and does not look at the rest. */
  private static boolean isTriedTooOften(Throwable failure) {
    return String.valueOf(RootCause.of(failure).getMessage())
        .contains("Too many authentication failures");
  }

  /** Why the connection was not opened. */
  SlipwayException connecting(JSchException failure, Optional<PublicKey> shown) {
    if (failure instanceof JSchHostKeyException && shown.isPresent()) {
      return hostKey(failure, shown.get());
    }
    if (isRefusedLogin(failure)) {
      return keyRefused(failure);
    }
    if (isTriedTooOften(failure) && hop.identity() instanceof SshAgent agent) {
      return refused(
          target.address()
              + " takes no more tries to let "
              + target.user()
              + " in: the ssh-agent has "
              + agent.keys().size()
              + " keys, and a server takes only so many (MaxAuthTries, 6 by default).",
          "Set "
              + hop.role().key()
              + " to the one that opens the account, or name it as IdentityFile in ~/.ssh/config,"
              + " which is offered first when its .pub lies beside it.",
          failure);
    }
    if (failure instanceof JSchAlgoNegoFailException) {
      return refused(
          "The SSH server on "
              + target.address()
              + " shares no algorithm with Slipway: "
              + failure.getMessage()
              + ".",
          "Update OpenSSH on the server; anything since 7.2 will do.",
          failure);
    }
    return network(failure);
  }

  private SlipwayException hostKey(Throwable failure, PublicKey shown) {
    return switch (knownHosts.judge(target, shown)) {
      case REVOKED ->
          refused(
              target.address()
                  + " shows the host key "
                  + shown
                  + ", which PROD_SSH_KNOWN_HOSTS marks as revoked.",
              "Do not connect: find out who answers there.",
              failure);
      case CHANGED ->
          refused(
              target.address()
                  + " shows the host key "
                  + shown
                  + ", but PROD_SSH_KNOWN_HOSTS records "
                  + recorded()
                  + ": somebody may be in between, or the server was set up anew.",
              "Compare on the server's console: "
                  + consoleCommand(shown)
                  + ". Only if it prints the shown fingerprint, replace the lines of this host in"
                  + " PROD_SSH_KNOWN_HOSTS by: "
                  + line(shown),
              failure);
      default -> unconfirmed(failure, shown);
    };
  }

  private SlipwayException unconfirmed(Throwable failure, PublicKey shown) {
    String missing =
        knownHosts.isEmpty()
            ? "PROD_SSH_KNOWN_HOSTS is not set, so the server cannot be verified: "
            : "PROD_SSH_KNOWN_HOSTS has no line for " + target.knownHostsName() + ": ";
    return refused(
        missing + target.address() + " shows the host key " + shown + ".",
        "Compare on the server's console: "
            + consoleCommand(shown)
            + ". If it prints the same fingerprint, record this line in PROD_SSH_KNOWN_HOSTS: "
            + line(shown),
        failure);
  }

  private SlipwayException keyRefused(Throwable failure) {
    return refused(
        target.address()
            + " does not let "
            + target.user()
            + " in with "
            + hop.identity().described()
            + ".",
        "Check "
            + hop.role().user()
            + ", or add this line to ~"
            + target.user()
            + "/.ssh/authorized_keys on the server: "
            + hop.identity().authorizedKey(),
        failure);
  }

  private SlipwayException network(Throwable failure) {
    Throwable cause = RootCause.of(failure);
    if (cause instanceof UnknownHostException) {
      return refused(
          "The name " + target.host() + " cannot be resolved.",
          "Correct " + hop.role().host() + ", or the name service of the machine that runs this.",
          failure);
    }
    if (cause instanceof SocketException socketFailure) {
      return unreachable(socketFailure, failure);
    }
    if (cause instanceof SocketTimeoutException) {
      return refused(
          target.address() + " does not answer in time.",
          "Check that the server runs and that no firewall drops connections from here.",
          failure);
    }
    return broken(cause, failure);
  }

  private SlipwayException unreachable(SocketException cause, Throwable failure) {
    if (cause instanceof NoRouteToHostException) {
      return refused(
          "There is no way to " + target.address() + " from here.",
          "Check " + hop.role().host() + " and the network between.",
          failure);
    }
    if (cause instanceof ConnectException) {
      return refused(
          target.address() + " refuses connections: no SSH server listens there.",
          "Check the port (" + hop.role().port() + "), and that sshd runs.",
          failure);
    }
    return broken(cause, failure);
  }

  private SlipwayException broken(Throwable cause, Throwable failure) {
    return refused(
        "The connection to "
            + target.address()
            + " broke before it was open: "
            + cause.getMessage()
            + ".",
        via.map(
                jump ->
                    "Check on "
                        + jump
                        + " that it reaches "
                        + target.address()
                        + ", and that its sshd allows forwarding (AllowTcpForwarding).")
            .orElse(
                "Check that an SSH server listens there and does not turn connections away"
                    + " (MaxStartups, fail2ban)."),
        failure);
  }

  private String recorded() {
    return knownHosts.keysOf(target).stream()
        .map(PublicKey::toString)
        .collect(Collectors.joining(" and "));
  }

  private String line(PublicKey shown) {
    return target.knownHostsName() + " " + shown.line();
  }

  private static String consoleCommand(PublicKey shown) {
    String name =
        shown.type().replaceAll("^(ssh-)?(ecdsa|ed25519|rsa).*", "$2").toLowerCase(Locale.ROOT);
    return "ssh-keygen -lf /etc/ssh/ssh_host_" + name + "_key.pub";
  }

  private static SlipwayException refused(String what, String advice, Throwable cause) {
    return new SlipwayException(ExitCode.REFUSED, what, advice, cause);
  }
}
