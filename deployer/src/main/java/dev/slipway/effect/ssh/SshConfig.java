package dev.slipway.effect.ssh;

import com.jcraft.jsch.ConfigRepository;
import com.jcraft.jsch.OpenSSHConfig;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the user's {@code ~/.ssh/config} says of hosts: HostName, Port, User, IdentityFile and
 * ProxyJump in blocks that begin with Host.
 *
 * @see <a href="https://man.openbsd.org/ssh_config.5">ssh_config(5)</a>
 */
public final class SshConfig {

  private static final Pattern BEGIN =
      Pattern.compile("\\s*(Host|Match)[\\s=]", Pattern.CASE_INSENSITIVE);

  private final ConfigRepository hosts;

  private SshConfig(ConfigRepository hosts) {
    this.hosts = hosts;
  }

  /**
   * Reads a file; one that is not there says nothing.
   *
   * @throws SlipwayException when it is there and cannot be read
   */
  public static SshConfig read(Path file) {
    try {
      return new SshConfig(
          OpenSSHConfig.parse(
              Files.isRegularFile(file) ? withoutMatch(Files.readString(file)) : ""));
    } catch (IOException | RuntimeException unreadable) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          "The file " + file + " cannot be read: " + unreadable.getMessage() + ".",
          "Mend it, or set PROD_SERVER_HOST, PROD_SERVER_USER and PROD_SSH_KEY where it does not lie.",
          unreadable);
    }
  }

  /** Without the blocks that begin with Match, which JSch would count to the Host before them. */
  private static String withoutMatch(String text) {
    StringBuilder rest = new StringBuilder();
    boolean inMatch = false;
    for (String line : text.lines().toList()) {
      Matcher begin = BEGIN.matcher(line);
      if (begin.lookingAt()) {
        inMatch = begin.group(1).equalsIgnoreCase("Match");
      }
      if (!inMatch) {
        rest.append(line).append('\n');
      }
    }
    return rest.toString();
  }

  /** The name or address that an alias stands for. */
  public Optional<String> hostName(String alias) {
    return value(alias, "HostName").map(name -> name.replace("%h", alias));
  }

  /** The port there. */
  public Optional<String> port(String alias) {
    return value(alias, "Port");
  }

  /** The account there. */
  public Optional<String> user(String alias) {
    return value(alias, "User");
  }

  /** The file of the key that opens the account. */
  public Optional<String> identityFile(String alias) {
    return value(alias, "IdentityFile");
  }

  /** The server that one gets there through. */
  public Optional<String> proxyJump(String alias) {
    return value(alias, "ProxyJump").filter(jump -> !jump.equals("none"));
  }

  private Optional<String> value(String alias, String key) {
    return Optional.ofNullable(hosts.getConfig(alias).getValue(key))
        .map(text -> text.strip().replaceAll("^\"(.*)\"$", "$1"))
        .filter(text -> !text.isEmpty());
  }
}
