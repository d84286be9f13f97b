package dev.slipway.platform.contract;

import dev.slipway.platform.compose.Assignment;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ComposeValues;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Finds what makes every compose refuse the file, on the server and not before. */
final class ComposeRefusal {

  private static final List<String> DURATIONS = List.of("interval", "timeout", "start_period");

  private final ComposeFile compose;
  private final ServiceSpec service;
  private final List<Finding> findings = new ArrayList<>();

  private ComposeRefusal(ComposeFile compose, ServiceSpec service) {
    this.compose = compose;
    this.service = service;
  }

  static List<Finding> check(ComposeFile compose, ServiceSpec service) {
    ComposeRefusal refusal = new ComposeRefusal(compose, service);
    service.volumes().stream()
        .filter(mount -> mount.type().equals("volume"))
        .flatMap(mount -> mount.source().stream())
        .filter(name -> name.matches("\\w[\\w.-]*"))
        .forEach(name -> refusal.checkDeclared("volumes", name));
    refusal.networks().stream()
        .filter(name -> !name.equals("default") && !name.contains("$"))
        .forEach(name -> refusal.checkDeclared("networks", name));
    DURATIONS.forEach(refusal::checkDuration);
    return refusal.findings;
  }

  private List<String> networks() {
    return ComposeValues.present(node(), "networks")
        .map(
            networks ->
                networks instanceof YamlNode.Mapping mapping
                    ? List.copyOf(mapping.entries().keySet())
                    : Assignment.in(networks).stream().map(Assignment::key).toList())
        .orElse(List.of());
  }

  private void checkDeclared(String section, String name) {
    if (compose.section(section).get(name).isPresent()) {
      return;
    }
    error(
        "not-declared",
        compose.lineOf("services", service.name(), section, name),
        "service '%s' uses '%s', which the file does not declare, and compose refuses that"
            .formatted(service.name(), name),
        "write '%s:' under '%s' at the top level".formatted(name, section));
  }

  /** Compose takes no number, and no text without a unit but 0. */
  private void checkDuration(String key) {
    if (ComposeValues.present(node(), "healthcheck").orElse(null) instanceof YamlNode.Mapping check
        && check.get(key).orElse(null) instanceof YamlNode.Scalar duration
        && duration.text().matches("[1-9]\\d*")) {
      error(
          "unit-missing",
          compose.lineOf("services", service.name(), "healthcheck", key),
          "service '%s' has '%s: %s' without a unit, and compose refuses that"
              .formatted(service.name(), key, duration.text()),
          "write '%s: %ss'".formatted(key, duration.text()));
    }
  }

  private YamlNode.Mapping node() {
    return compose.serviceNode(service.name());
  }

  private void error(String rule, int line, String what, String fix) {
    findings.add(new Finding(rule, Finding.Severity.ERROR, compose.file(), line, what, fix));
  }
}
