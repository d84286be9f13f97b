package dev.slipway.effect.ssh;

import dev.slipway.SlipwayException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to connect and as whom.
 *
 * @param host name or address
 * @param port TCP port of the SSH server
 * @param user account on the server
 */
public record SshTarget(String host, int port, String user) {

  private static final int DEFAULT_PORT = 22;
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@-]*\\$?");
  private static final Pattern WITH_PORT =
      Pattern.compile(
          "\\[(?<bracketed>[^\\]]+)](?::(?<port>\\d+))?|(?<name>[^:]+):(?<number>\\d+)");

  /** Validates. */
  public SshTarget {
    if (!HOST.matcher(host).matches() || host.startsWith("-")) {
      throw SlipwayException.refused(
          "PROD_SERVER_HOST is not the name or address of a host: \"" + host + "\".",
          "Set it to a name or an address alone, with a port if it is not 22: host or host:2222.");
    }
    if (port < 1 || port > HIGHEST_PORT) {
      throw SlipwayException.refused(
          "PROD_SERVER_HOST names the port " + port + ", which does not exist.",
          "Use a port between 1 and 65535.");
    }
    if (!USER.matcher(user).matches()) {
      throw SlipwayException.refused(
          "PROD_SERVER_USER is not the name of an account: \"" + user + "\".",
          "Set it to the account on the server, for instance deploy.");
    }
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [address]:port} or a bare IPv6 address.
   *
   * @throws SlipwayException when the text is none of them
   */
  public static SshTarget parse(String host, String user) {
    String text = host.strip();
    Matcher matcher = WITH_PORT.matcher(text);
    if (!matcher.matches()) {
      return new SshTarget(text, DEFAULT_PORT, user.strip());
    }
    String name =
        matcher.group("bracketed") == null ? matcher.group("name") : matcher.group("bracketed");
    String port = matcher.group("port") == null ? matcher.group("number") : matcher.group("port");
    return new SshTarget(name, port == null ? DEFAULT_PORT : portNumber(port), user.strip());
  }

  /**
   * Reads a host and, where one is set, the value of {@code PROD_SERVER_PORT}, which wins over a
   * port that the host names.
   *
   * @throws SlipwayException when the text is no host, or the port no number from 1 to 65535
   */
  public static SshTarget parse(String host, Optional<String> port, String user) {
    SshTarget target = parse(host, user);
    return port.map(text -> new SshTarget(target.host(), portOf(text.strip()), target.user()))
        .orElse(target);
  }

  private static int portOf(String text) {
    int number = text.matches("[0-9]+") ? portNumber(text) : 0;
    if (number < 1 || number > HIGHEST_PORT) {
      throw SlipwayException.refused(
          "PROD_SERVER_PORT is not a port: \"" + text + "\".",
          "Set it to a number between 1 and 65535, or leave it unset where sshd listens on 22.");
    }
    return number;
  }

  private static int portNumber(String digits) {
    return digits.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  /** The host as {@code known_hosts} names it: with its port when that is not 22. */
  String knownHostsName() {
    return port == DEFAULT_PORT ? host : "[" + host + "]:" + port;
  }

  /** Host and port as a message names them. */
  String address() {
    return host + " port " + port;
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port;
  }
}
