package dev.slipway.cli;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.effect.ssh.KnownHosts;
import dev.slipway.effect.ssh.PublicKey;
import dev.slipway.effect.ssh.SshAgent;
import dev.slipway.effect.ssh.SshConfig;
import dev.slipway.effect.ssh.SshIdentity;
import dev.slipway.effect.ssh.SshKey;
import dev.slipway.effect.ssh.SshRoute;
import dev.slipway.effect.ssh.SshTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The way to the server: what the variables say and, where they leave something out, ssh's own
 * settings.
 */
final class SshSettings {

  private static final String HOST = "PROD_SERVER_HOST";
  private static final String USER = "PROD_SERVER_USER";
  private static final String KEY = "PROD_SSH_KEY";
  private static final String KNOWN_HOSTS = "PROD_SSH_KNOWN_HOSTS";
  private static final String WHAT_HOST = "the server's name or address";
  private static final String WHAT_USER = "the account on the server";
  private static final String WHAT_KEY =
      "the private key of the deploying account, or a file with it";

  private final Environment environment;
  private final SshConfig config;

  SshSettings(Environment environment) {
    this.environment = environment;
    this.config = SshConfig.read(Path.of(home(), ".ssh", "config"));
  }

  private String home() {
    return environment.find("HOME").orElse("/nonexistent");
  }

  /**
   * The host keys that were confirmed, of the server and of the one that one gets there through.
   */
  KnownHosts knownHosts() {
    return environment.find(KNOWN_HOSTS).map(KnownHosts::parse).orElseGet(KnownHosts::none);
  }

  /**
   * The variables that nothing stands in for, with what they are to be. A host key that alone is
   * missing is not among them: who connects is told which line to record.
   */
  Map<String, String> missing() {
    Map<String, String> missing = new LinkedHashMap<>();
    Optional<String> alias = environment.find(HOST).map(text -> alias(text.strip()));
    if (alias.isEmpty()) {
      missing.put(HOST, WHAT_HOST);
    }
    if (environment.find(USER).or(() -> alias.flatMap(config::user)).isEmpty()) {
      missing.put(USER, WHAT_USER);
    }
    if (environment.find(KEY, "SSH_AUTH_SOCK").isEmpty()
        && alias.flatMap(this::otherKey).isEmpty()) {
      missing.put(KEY, WHAT_KEY);
    }
    if (!missing.isEmpty() && environment.find(KNOWN_HOSTS).isEmpty()) {
      missing.put(
          KNOWN_HOSTS,
          "the line with the server's host key, which is printed once the others are set");
    }
    return missing;
  }

  SshRoute route() {
    String text = environment.require(HOST, WHAT_HOST).strip();
    String alias = alias(text);
    String user =
        environment
            .find(USER)
            .or(() -> config.user(alias))
            .orElseGet(() -> environment.require(USER, WHAT_USER));
    SshIdentity identity =
        variableKey(KEY).or(() -> otherKey(alias)).orElseThrow(SshSettings::noKey);
    SshRoute direct =
        SshRoute.direct(target(text, environment.find("PROD_SERVER_PORT"), user), identity);
    return environment
        .find("PROD_SSH_JUMP")
        .or(() -> config.proxyJump(alias))
        .map(jump -> through(direct, jump.strip(), user, identity))
        .orElse(direct);
  }

  private SshRoute through(SshRoute direct, String jump, String user, SshIdentity identity) {
    int at = jump.lastIndexOf('@');
    String text = jump.substring(at + 1);
    try {
      String alias = alias(text);
      String account = at > 0 ? jump.substring(0, at) : config.user(alias).orElse(user);
      return direct.through(
          target(text, Optional.empty(), account),
          variableKey("PROD_SSH_JUMP_KEY").or(() -> fileKey(alias, true)).orElse(identity));
    } catch (SlipwayException refusal) {
      if (!refusal.what().startsWith("PROD_SERVER_")) {
        throw refusal;
      }
      throw SlipwayException.refused(
          "PROD_SSH_JUMP does not name one jump host: \"" + jump + "\".",
          "Write user@host or user@host:port; more than one server on the way is not supported.");
    }
  }

  private static SlipwayException noKey() {
    return SlipwayException.refused(
        "The variable PROD_SSH_KEY is not set, and there is no ssh-agent (SSH_AUTH_SOCK) either.",
        Environment.settingIt(WHAT_KEY));
  }

  private static String alias(String text) {
    return SshTarget.parse(text, "anybody").host();
  }

  private SshTarget target(String text, Optional<String> port, String user) {
    SshTarget named = SshTarget.parse(text, user);
    String alias = named.host();
    Optional<String> given =
        text.equals(alias) ? config.port(alias) : Optional.of(String.valueOf(named.port()));
    return SshTarget.parse(config.hostName(alias).orElse(alias), port.or(() -> given), user);
  }

  private Optional<SshIdentity> variableKey(String name) {
    Optional<Secret> passphrase = environment.find(name + "_PASSPHRASE").map(Secret::of);
    return environment.find(name).map(value -> SshKey.parse(name, Secret.of(value), passphrase));
  }

  /**
   * The key that ssh's own settings name; one that is locked is left to an agent, if there is one,
   * which offers it first.
   */
  private Optional<SshIdentity> otherKey(String alias) {
    Optional<String> agent = environment.find("SSH_AUTH_SOCK");
    return fileKey(alias, agent.isPresent()).or(() -> agent.map(socket -> agent(socket, alias)));
  }

  private SshIdentity agent(String socket, String alias) {
    SshAgent agent = SshAgent.at(socket);
    return identityFile(alias)
        .flatMap(file -> PublicKey.in(Path.of(file)).or(() -> PublicKey.in(Path.of(file + ".pub"))))
        .map(agent::offeringFirst)
        .orElse(agent);
  }

  private Optional<SshIdentity> fileKey(String alias, boolean agent) {
    Optional<Secret> passphrase = environment.find("PROD_SSH_KEY_PASSPHRASE").map(Secret::of);
    return identityFile(alias)
        .filter(file -> Files.isRegularFile(Path.of(file)))
        .filter(file -> !agent || PublicKey.in(Path.of(file)).isEmpty())
        .filter(file -> !agent || passphrase.isPresent() || !SshKey.isLocked(Path.of(file)))
        .map(file -> SshKey.parse(file, Secret.of(file), passphrase));
  }

  private Optional<String> identityFile(String alias) {
    return config.identityFile(alias).map(file -> file.replaceFirst("^(~|%d)/", home() + "/"));
  }
}
