package dev.slipway.cli;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.environment.EnvironmentSecrets;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.ssh.SshKey;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The variables that Slipway reads, by name; documented in the README. */
final class Environment {

  private static final int GREATEST_PORT = 65535;

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  Map<String, String> all() {
    return variables;
  }

  Optional<String> find(String... names) {
    for (String name : names) {
      String value = variables.get(name);
      if (value != null && !value.isBlank()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  String require(String name, String what) {
    return find(name)
        .orElseThrow(
            () ->
                SlipwayException.refused("The variable " + name + " is not set.", settingIt(what)));
  }

  static String settingIt(String what) {
    return "Set it to " + what + "; in GitLab: Settings, CI/CD, Variables.";
  }

  /** What the compose file's image names need: REGISTRY falls back to GitLab's own. */
  Map<String, String> imageVariables() {
    Map<String, String> known = new HashMap<>(variables);
    find("REGISTRY", "CI_REGISTRY_IMAGE")
        .ifPresent(value -> known.put("REGISTRY", withoutScheme(value)));
    return known;
  }

  private static String withoutScheme(String registry) {
    int scheme = registry.indexOf("://");
    if (scheme >= 0) {
      throw SlipwayException.refused(
          "REGISTRY has a scheme, which no image's name begins with: " + registry + ".",
          "Leave out " + registry.substring(0, scheme + 3) + ".");
    }
    return registry;
  }

  /** A variable of the registry's login that is set, and its other half, which is not. */
  record HalfALogin(String given, String missing) {}

  /** The registry's login, where only half of it is there. */
  Optional<HalfALogin> halfALogin() {
    boolean user = find("REGISTRY_USER").isPresent();
    boolean password = find("REGISTRY_PASSWORD").isPresent();
    if (user == password) {
      return Optional.empty();
    }
    return Optional.of(
        user
            ? new HalfALogin("REGISTRY_USER", "REGISTRY_PASSWORD")
            : new HalfALogin("REGISTRY_PASSWORD", "REGISTRY_USER"));
  }

  /** The login there; that of GitLab's job is for GitLab's own registry alone. */
  Optional<RegistryLogin> registryLogin(String registry) {
    return registryLogin(registry, "REGISTRY_USER", "REGISTRY_PASSWORD")
        .or(
            () ->
                find("CI_REGISTRY")
                    .filter(registry::equalsIgnoreCase)
                    .flatMap(
                        own ->
                            registryLogin(registry, "CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD")));
  }

  private Optional<RegistryLogin> registryLogin(String registry, String user, String password) {
    return find(user)
        .flatMap(
            name ->
                find(password)
                    .map(word -> new RegistryLogin(registry, name, Secret.of(word), password)));
  }

  /** Whether images are to be built although the registry has them. */
  boolean buildsFresh() {
    Optional<String> build = find("SLIPWAY_BUILD");
    build
        .filter(value -> !value.equals("fresh"))
        .ifPresent(
            value -> {
              throw SlipwayException.refused(
                  "SLIPWAY_BUILD is `" + value + "`, which means nothing.",
                  "Set it to fresh, to build also what the registry has, or leave it unset.");
            });
    return build.isPresent();
  }

  /** Whether nothing is really deployed, so that nobody here must be told of it. */
  boolean rehearses() {
    Optional<String> rehearsal = find("SLIPWAY_REHEARSAL");
    rehearsal
        .filter(value -> !value.equals("true"))
        .ifPresent(
            value -> {
              throw SlipwayException.refused(
                  "SLIPWAY_REHEARSAL is `" + value + "`, which means nothing.",
                  "Leave it unset: the deploy stage alone sets it, to true, so that local hooks are left out.");
            });
    return rehearsal.isPresent();
  }

  /** Where the engine of this machine finds what it calls localhost. */
  String engineHost() {
    return find("DOCKER_HOST")
        .filter(address -> address.startsWith("tcp://"))
        .map(address -> URI.create(address).getHost())
        .orElse("localhost");
  }

  Optional<URI> healthUrl() {
    return find("PROD_HEALTH_URL")
        .map(
            text -> {
              try {
                URI uri = URI.create(text);
                if (uri.getHost() != null
                    && uri.getPort() <= GREATEST_PORT
                    && List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                  return uri;
                }
              } catch (IllegalArgumentException e) {
                // Refused below, with the same words as an address without a host.
              }
              throw SlipwayException.refused(
                  "PROD_HEALTH_URL is not an http or https address: " + text + ".",
                  "Write it in full, such as https://platform.example/health, or leave it unset.");
            });
  }

  /**
   * Every secret that must not be printed, those included that are somebody else's: a hook sees
   * them all. The path of a key file is none, what is in it is one.
   */
  List<Secret> secrets() {
    List<Secret> secrets = new ArrayList<>(EnvironmentSecrets.of(variables));
    find("PROD_SSH_KEY").map(SshKey::secretsIn).ifPresent(secrets::addAll);
    find("PROD_SSH_JUMP_KEY").map(SshKey::secretsIn).ifPresent(secrets::addAll);
    for (String name :
        List.of(
            "PROD_SSH_KEY_PASSPHRASE",
            "PROD_SSH_JUMP_KEY_PASSPHRASE",
            "REGISTRY_PASSWORD",
            "CI_REGISTRY_PASSWORD",
            "SLIPWAY_WEBHOOK_URL")) {
      find(name).map(Secret::of).ifPresent(secrets::add);
    }
    return secrets;
  }

  /** Who asks: the CI job's address, or user and machine; and the process that does. */
  Deployer deployer() {
    String user = find("GITLAB_USER_LOGIN", "USER").orElse("somebody");
    return new Deployer(
        find("CI_JOB_URL").orElse(user + "@" + machine()),
        new Deployer.Origin(user, machine(), ProcessHandle.current().pid()));
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
