package dev.slipway.effect.ssh;

/**
 * One SSH server on the way, and how to get in there.
 *
 * @param role which variables a message about it names
 * @param target where and as whom
 * @param identity what opens the account
 */
public record SshHop(Role role, SshTarget target, SshIdentity identity) {

  /** What a server is on the way. */
  public enum Role {
    /** The server that is deployed to. */
    SERVER("PROD_SERVER_HOST", "PROD_SERVER_PORT", "PROD_SERVER_USER", "PROD_SSH_KEY"),
    /** The server that one gets there through. */
    JUMP("PROD_SSH_JUMP", "PROD_SSH_JUMP", "PROD_SSH_JUMP", "PROD_SSH_JUMP_KEY");

    private final String host;
    private final String port;
    private final String user;
    private final String key;

    Role(String host, String port, String user, String key) {
      this.host = host;
      this.port = port;
      this.user = user;
      this.key = key;
    }

    /** The variable with its name. */
    String host() {
      return host;
    }

    /** The variable with its port. */
    String port() {
      return port;
    }

    /** The variable with the account. */
    String user() {
      return user;
    }

    /** The variable with its private key. */
    String key() {
      return key;
    }
  }
}
