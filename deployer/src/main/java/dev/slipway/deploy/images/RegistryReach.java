package dev.slipway.deploy.images;

import dev.slipway.command.CommandResult;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads from what the server's engine says whether it reached a registry at all. */
public final class RegistryReach {

  /** The words of Go's network and TLS libraries, which every engine passes on. */
  private static final Pattern NOT_REACHED =
      Pattern.compile(
          "dial tcp|connection refused|connection reset|no such host|no route to host|unreachable"
              + "|(?i:timeout)|deadline exceeded|x509|tls:|HTTP response to HTTPS client|\\bEOF\\b"
              + "|proxyconnect");

  /** Of GNU's timeout and of BusyBox's, which ends as what it ended does (SIGTERM). */
  private static final Set<Integer> TIMED_OUT = Set.of(124, 143);

  private RegistryReach() {}

  /** Why it was not reached; empty when it was, whatever it answered. */
  public static Optional<String> obstacle(CommandResult result) {
    if (TIMED_OUT.contains(result.exitStatus())) {
      return Optional.of("no answer in 25 s");
    }
    return Optional.of(result.tail(1))
        .filter(said -> !result.succeeded() && NOT_REACHED.matcher(said).find())
        .map(said -> said.replaceFirst("^Error response from daemon: ", ""));
  }
}
