package dev.slipway.platform;

import dev.slipway.platform.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a compose file must keep to before it may run in production. */
public final class ComposeContract {

  private static final Pattern MIGRATES =
      Pattern.compile("\\balembic\\b.*\\bupgrade\\b", Pattern.DOTALL);
  private static final String LATEST = "latest";

  private final ComposeFile compose;
  private final Set<String> built;
  private final Set<String> knownKeys;
  private final List<Finding> findings = new ArrayList<>();

  private ComposeContract(ComposeFile compose, Set<String> built, Set<String> knownKeys) {
    this.compose = compose;
    this.built = built;
    this.knownKeys = knownKeys;
  }

  /**
   * Checks a compose file.
   *
   * @param compose the file
   * @param built the services whose images come from the platform's repository
   * @param knownKeys the variables that will be set: those of {@code .env.example} and those that
   *     the deployment sets itself
   * @return what was found, by line
   */
  public static List<Finding> check(ComposeFile compose, Set<String> built, Set<String> knownKeys) {
    ComposeContract contract =
        new ComposeContract(compose, Set.copyOf(built), Set.copyOf(knownKeys));
    compose.services().values().forEach(contract::checkService);
    contract.checkVariables();
    return contract.findings.stream()
        .sorted(Comparator.comparingInt(Finding::line).thenComparing(Finding::rule))
        .distinct()
        .toList();
  }

  private void checkService(ServiceSpec service) {
    checkBuild(service);
    checkImage(service);
    checkHealthcheck(service);
    checkContainerName(service);
    checkDependencies(service);
    checkCommands(service);
    findings.addAll(SecretRule.check(compose, service.name()));
  }

  private void checkBuild(ServiceSpec service) {
    if (!service.build()) {
      return;
    }
    String image =
        service
            .imageTemplate()
            .filter(template -> template.contains("$"))
            .orElse("${REGISTRY:?}/%s:${TAG:?}".formatted(service.name()));
    error(
        "build-in-production",
        line(service, "build"),
        "service '%s' would be built on the server, so what runs is not what was tested"
            .formatted(service.name()),
        "remove 'build:' and write 'image: %s'".formatted(image));
  }

  private void checkImage(ServiceSpec service) {
    if (built.contains(service.name()) || service.build() || service.image().isEmpty()) {
      return;
    }
    var image = service.image().get();
    if (image.digest().isPresent() || image.tag().filter(tag -> !tag.equals(LATEST)).isPresent()) {
      return;
    }
    error(
        "image-not-pinned",
        line(service, "image"),
        "service '%s' runs whatever '%s' is on the day it is pulled"
            .formatted(service.name(), image),
        "write 'image: %s:<version>' with the version that runs today".formatted(image.name()));
  }

  private void checkHealthcheck(ServiceSpec service) {
    if (service.healthcheck() || compose.mayEnd(service) || !service.profiles().isEmpty()) {
      return;
    }
    error(
        "missing-healthcheck",
        service.line(),
        "service '%s' has no health check, so nobody waits until it is ready"
            .formatted(service.name()),
        "write 'healthcheck: {test: %s, interval: 5s, timeout: 3s, retries: 10}'"
            .formatted(test(service)));
  }

  private static String test(ServiceSpec service) {
    String image = service.image().map(reference -> reference.repository()).orElse("");
    if (image.contains("postgres") || image.contains("postgis")) {
      return "[CMD, pg_isready, -U, postgres]";
    }
    if (image.contains("redis") || image.contains("valkey")) {
      return "[CMD, redis-cli, ping]";
    }
    int port = service.containerPorts().stream().findFirst().orElse(8000);
    return "[CMD, curl, -fsS, \"http://127.0.0.1:%d/health\"]".formatted(port);
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
    checkCommand(service, "command", service.command().orElse(""));
    checkCommand(service, "entrypoint", service.entrypoint().orElse(""));
  }

  private void checkCommand(ServiceSpec service, String key, String text) {
    if (!MIGRATES.matcher(text).find()) {
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
