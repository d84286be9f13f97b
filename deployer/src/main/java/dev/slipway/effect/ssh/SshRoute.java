package dev.slipway.effect.ssh;

import java.util.Optional;

/**
 * The way to the server.
 *
 * @param server the server
 * @param jump the server that one gets there through; verified by a host key of its own
 */
public record SshRoute(SshHop server, Optional<SshHop> jump) {

  /** A way without a jump. */
  public static SshRoute direct(SshTarget target, SshIdentity identity) {
    return new SshRoute(new SshHop(SshHop.Role.SERVER, target, identity), Optional.empty());
  }

  /** The same way through another server. */
  public SshRoute through(SshTarget target, SshIdentity identity) {
    return new SshRoute(server, Optional.of(new SshHop(SshHop.Role.JUMP, target, identity)));
  }
}
