package dev.slipway.platform.contract;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ComposeValues;
import dev.slipway.platform.compose.Dependency;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.Variable;
import dev.slipway.platform.contract.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a compose file must keep to before it may run in production. */
public final class ComposeContract {

  private static final Pattern MIGRATES =
      Pattern.compile("\\balembic\\b.*\\bupgrade\\b", Pattern.DOTALL);

  private final ComposeFile compose;
  private final Set<String> built;
  private final Set<String> ours;
  private final Set<String> selfChecked;
  private final Set<String> knownKeys;
  private final List<Finding> findings = new ArrayList<>();

  private ComposeContract(
      ComposeFile compose,
      Set<String> built,
      Set<String> ours,
      Set<String> selfChecked,
      Set<String> knownKeys) {
    this.compose = compose;
    this.built = built;
    this.ours = ours;
    this.selfChecked = selfChecked;
    this.knownKeys = knownKeys;
  }

  /**
   * Checks a compose file.
   *
   * @param compose the file
   * @param built the services whose images come from the platform's repository
   * @param ours these, and the services that run the image of one of them
   * @param selfChecked the services whose images have a health check of their own
   * @param knownKeys the variables that will be set: those of {@code .env.example} and those that
   *     the deployment sets itself
   * @return what was found, by line
   */
  public static List<Finding> check(
      ComposeFile compose,
      Set<String> built,
      Set<String> ours,
      Set<String> selfChecked,
      Set<String> knownKeys) {
    ComposeContract contract =
        new ComposeContract(
            compose,
            Set.copyOf(built),
            Set.copyOf(ours),
            Set.copyOf(selfChecked),
            Set.copyOf(knownKeys));
    compose.services().values().forEach(contract::checkService);
    contract.findings.addAll(SecretRule.checkConfigs(compose));
    contract.checkVariables();
    return contract.findings.stream()
        .sorted(Comparator.comparingInt(Finding::line).thenComparing(Finding::rule))
        .distinct()
        .toList();
  }

  private void checkService(ServiceSpec service) {
    findings.addAll(ImageRule.check(compose, service, built, ours));
    findings.addAll(ComposeRefusal.check(compose, service));
    checkVariableFiles(service);
    checkHealthcheck(service);
    checkContainerName(service);
    checkDependencies(service);
    checkCommands(service);
    findings.addAll(SecretRule.check(compose, service.name()));
  }

  /** Some proofs start these services' images alone, with the variables that can be read. */
  private void checkVariableFiles(ServiceSpec service) {
    boolean file =
        ComposeValues.present(compose.serviceNode(service.name()), "env_file").isPresent();
    Set<String> named = service.environment().keySet();
    if (isPostgres(service)
        && (file || named.contains("POSTGRES_PASSWORD_FILE"))
        && !named.contains("POSTGRES_PASSWORD")) {
      error(
          "variables-unseen",
          service.line(),
          "service '%s' has its password from a file that is not committed, and what else stands there, so that the proofs do not have it"
              .formatted(service.name()),
          "write POSTGRES_PASSWORD, and POSTGRES_USER and POSTGRES_DB where they are set, under 'environment' as ${NAME:?}, or name them in .env.example where the file is .env");
    } else if (!service.unseenFiles().isEmpty() && built.contains(service.name())) {
      advice(
          "variables-unseen",
          line(service, "env_file"),
          "service '%s' has variables from %s, which is not committed, so that proofs that start it alone do not have them"
              .formatted(service.name(), String.join(", ", service.unseenFiles())),
          "commit %s.example beside it, or write those that it needs under 'environment' as ${NAME:?}"
              .formatted(service.unseenFiles().get(0)));
    }
  }

  private void checkHealthcheck(ServiceSpec service) {
    if (service.healthcheck() || compose.mayEnd(service) || !service.isAlwaysStarted()) {
      return;
    }
    boolean own =
        ComposeValues.present(compose.serviceNode(service.name()), "healthcheck").isPresent();
    if (!own && selfChecked.contains(service.name())) {
      return;
    }
    error(
        "missing-healthcheck",
        service.line(),
        "service '%s' has no health check, so nobody waits until it is ready"
            .formatted(service.name()),
        test(service)
            .map(
                "write 'healthcheck: {test: %s, interval: 5s, timeout: 3s, retries: 10}'"
                    ::formatted)
            .orElse(
                "write 'healthcheck:' with a 'test' of its own: a command that fails until it is ready"));
  }

  private Optional<String> test(ServiceSpec service) {
    if (isPostgres(service)) {
      return Optional.of("[CMD, pg_isready, -U, postgres]");
    }
    String image = repository(service);
    if (image.contains("redis") || image.contains("valkey")) {
      return Optional.of("[CMD, redis-cli, ping]");
    }
    return service.containerPorts().stream()
        .filter(port -> built.contains(service.name()))
        .findFirst()
        .map("[CMD, curl, -fsS, \"http://127.0.0.1:%d/health\"]"::formatted);
  }

  private static boolean isPostgres(ServiceSpec service) {
    return repository(service).contains("postgres") || repository(service).contains("postgis");
  }

  private static String repository(ServiceSpec service) {
    return service.image().map(reference -> reference.repository()).orElse("");
  }

  private void checkContainerName(ServiceSpec service) {
    service
        .containerName()
        .ifPresent(
            name ->
                advice(
                    "container-name",
                    line(service, "container_name"),
                    "service '%s' has the fixed name '%s', so no second copy can run beside it"
                        .formatted(service.name(), name),
                    "remove 'container_name: %s'".formatted(name)));
  }

  private void checkDependencies(ServiceSpec service) {
    service
        .dependsOn()
        .forEach(
            (name, dependency) -> {
              ServiceSpec other = compose.services().get(name);
              if (other == null
                  || !other.healthcheck()
                  || dependency != Dependency.SERVICE_STARTED) {
                return;
              }
              advice(
                  "depends-on-not-healthy",
                  compose.lineOf("services", service.name(), "depends_on", name),
                  "service '%s' starts before '%s' is healthy, though that has a health check"
                      .formatted(service.name(), name),
                  "write 'depends_on: {%s: {condition: service_healthy}}'".formatted(name));
            });
  }

  private void checkCommands(ServiceSpec service) {
    checkCommand(service, "command", service.command());
    checkCommand(service, "entrypoint", service.entrypoint());
  }

  private void checkCommand(ServiceSpec service, String key, Optional<List<String>> words) {
    if (!MIGRATES.matcher(String.join(" ", words.orElse(List.of()))).find()) {
      return;
    }
    error(
        "migrates-at-start",
        line(service, key),
        "service '%s' migrates the schema whenever it starts".formatted(service.name()),
        "take 'alembic upgrade' out of its '%s'; the deployment runs it once, before the swap"
            .formatted(key));
  }

  private void checkVariables() {
    for (Variable variable : compose.variables()) {
      if (knownKeys.contains(variable.name()) || variable.required()) {
        continue;
      }
      variable.uses().stream()
          .filter(use -> use.kind() == Variable.Kind.PLAIN)
          .findFirst()
          .ifPresent(use -> reportUnset(variable.name(), use.line()));
    }
  }

  private void reportUnset(String name, int line) {
    error(
        "unset-variable",
        line,
        "'%s' is set nowhere; compose would silently use an empty string".formatted(name),
        "write ${%1$s:?set %1$s in .env}, or %1$s=… in .env.example".formatted(name));
  }

  private int line(ServiceSpec service, String key) {
    return compose.lineOf("services", service.name(), key);
  }

  private void error(String rule, int line, String what, String fix) {
    findings.add(new Finding(rule, Severity.ERROR, compose.file(), line, what, fix));
  }

  private void advice(String rule, int line, String what, String fix) {
    findings.add(new Finding(rule, Severity.ADVICE, compose.file(), line, what, fix));
  }
}
