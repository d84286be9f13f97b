package dev.slipway.platform.compose;

import dev.slipway.image.ImageReference;
import dev.slipway.platform.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one service of a compose file, in short and long syntax.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/05-services.md">Compose
 *     specification, services</a>
 */
final class ServiceReader {

  private static final String OF_A_SERVICE = "service:";

  private final String name;
  private final int line;
  private final YamlNode.Mapping service;
  private final ComposeValues values;
  private final VariableFiles files;

  private ServiceReader(
      String name, int line, YamlNode.Mapping service, ComposeValues values, VariableFiles files) {
    this.name = name;
    this.line = line;
    this.service = service;
    this.values = values;
    this.files = files;
  }

  static Optional<ServiceSpec> read(
      String name, YamlNode.Entry entry, ComposeValues values, VariableFiles files) {
    if (!(entry.value() instanceof YamlNode.Mapping mapping)) {
      values.wrongShape(entry.value(), name, "a mapping with 'image' and more");
      return Optional.empty();
    }
    return Optional.of(new ServiceReader(name, entry.line(), mapping, values, files).read());
  }

  private ServiceSpec read() {
    Optional<YamlNode.Scalar> image = values.scalar(service, "image");
    boolean build = ComposeValues.present(service, "build").isPresent();
    checkName();
    checkStopGracePeriod();
    checkOrigin(build || image.isPresent());
    return new ServiceSpec(
        name,
        line,
        image.map(YamlNode.Scalar::text),
        image.flatMap(this::image),
        build,
        new PortReader(name, service, values).ports(),
        new PortReader(name, service, values).expose(),
        healthcheck(),
        startPeriod(),
        dependsOn(),
        joins(),
        environment(),
        variableFiles().stream().filter(file -> files.read(file).isEmpty()).toList(),
        values.words(service, "command"),
        values.words(service, "entrypoint"),
        values.text(service, "container_name"),
        values.text(service, "user"),
        values.text(service, "working_dir"),
        values.text(service, "restart"),
        volumes(),
        networks(),
        values.texts(service, "profiles"),
        scale(),
        alone());
  }

  private void checkName() {
    if (!ServiceSpec.isName(name)) {
      values.problem(
          line,
          "'%s' is no name for a service; write it with letters, digits, . _ and -, and without a - in front"
              .formatted(name));
    }
  }

  private void checkOrigin(boolean hasImage) {
    if (ComposeValues.present(service, "extends").isPresent()) {
      values.problem(
          line,
          "service '%s' uses 'extends', which Slipway does not follow; write it out or use an anchor"
              .formatted(name));
    } else if (!hasImage) {
      values.problem(
          line,
          ("service '%s' has no image; write 'image: name:tag'"
                  + " (Slipway reads one compose file; 'docker compose config' makes one of several)")
              .formatted(name));
    }
  }

  private Optional<ImageReference> image(YamlNode.Scalar image) {
    if (!values.isComplete(image)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ImageReference.parse(values.text(image)));
    } catch (IllegalArgumentException e) {
      values.problem(image.line(), "service '%s': %s".formatted(name, e.getMessage()));
      return Optional.empty();
    }
  }

  private boolean healthcheck() {
    Optional<YamlNode.Mapping> healthcheck = values.mapping(service, "healthcheck");
    if (healthcheck.isEmpty()) {
      return false;
    }
    boolean disabled = values.isTrue(healthcheck.get(), "disable");
    Optional<String> test = values.commandLine(healthcheck.get(), "test");
    return !disabled && test.filter("NONE"::equals).isEmpty();
  }

  private Optional<Duration> startPeriod() {
    return values
        .mapping(service, "healthcheck")
        .flatMap(healthcheck -> values.text(healthcheck, "start_period"))
        .flatMap(Durations::parse);
  }

  private Map<String, Dependency> dependsOn() {
    Map<String, Dependency> dependencies = new LinkedHashMap<>();
    Optional<YamlNode> node = ComposeValues.present(service, "depends_on");
    if (node.isPresent() && node.get() instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach((other, entry) -> dependencies.put(other, condition(entry)));
    } else {
      values
          .texts(service, "depends_on")
          .forEach(other -> dependencies.put(other, Dependency.SERVICE_STARTED));
    }
    return dependencies;
  }

  /** As {@code network_mode: service:backend} has it; compose depends on those as well. */
  private Set<String> joins() {
    Set<String> joins = new LinkedHashSet<>();
    for (String space : List.of("network_mode", "pid", "ipc")) {
      values
          .text(service, space)
          .filter(mode -> mode.startsWith(OF_A_SERVICE))
          .map(mode -> mode.substring(OF_A_SERVICE.length()))
          .ifPresent(joins::add);
    }
    return joins;
  }

  private Dependency condition(YamlNode.Entry entry) {
    Optional<String> text =
        entry.value() instanceof YamlNode.Mapping mapping
            ? values.text(mapping, "condition")
            : Optional.empty();
    Optional<Dependency> condition = Dependency.of(text.orElse("service_started"));
    if (condition.isEmpty()) {
      values.problem(
          entry.line(),
          "service '%s': not a condition of depends_on: '%s'".formatted(name, text.orElse("")));
    }
    return condition.orElse(Dependency.SERVICE_STARTED);
  }

  private Map<String, Optional<String>> environment() {
    Map<String, Optional<String>> environment = new LinkedHashMap<>();
    for (String file : variableFiles()) {
      files
          .read(file)
          .orElse(Map.of())
          .forEach((key, value) -> environment.put(key, Optional.of(value)));
    }
    Optional<YamlNode> node = ComposeValues.present(service, "environment");
    if (node.isPresent() && node.get() instanceof YamlNode.Scalar) {
      values.wrongShape(node.get(), "environment", "a mapping or a list");
    }
    node.map(Assignment::in)
        .orElse(List.of())
        .forEach(each -> environment.put(each.key(), each.value().map(values::text)));
    return environment;
  }

  /** Its env files, of which a later one goes before an earlier one. */
  private List<String> variableFiles() {
    Optional<YamlNode> node = ComposeValues.present(service, "env_file");
    List<YamlNode> items =
        node.map(each -> each instanceof YamlNode.Sequence list ? list.items() : List.of(each))
            .orElse(List.of());
    List<String> paths = new ArrayList<>();
    for (YamlNode item : items) {
      if (item instanceof YamlNode.Scalar scalar) {
        paths.add(values.text(scalar));
      } else if (item instanceof YamlNode.Mapping mapping) {
        values.text(mapping, "path").ifPresent(paths::add);
      }
    }
    return paths;
  }

  private Optional<String> alone() {
    if (ComposeValues.present(service, "network_mode").isPresent()) {
      return Optional.of("network_mode");
    }
    if (hasFixedAddress()) {
      return Optional.of("networks");
    }
    if (values.text(service, "scale").filter(each -> !each.equals("1")).isPresent()) {
      return Optional.of("scale");
    }
    return replicas().filter(each -> !each.equals("1")).map(each -> "deploy");
  }

  private Optional<String> replicas() {
    return values.mapping(service, "deploy").flatMap(deploy -> values.text(deploy, "replicas"));
  }

  /** Compose itself refuses what is no number. */
  private int scale() {
    return values
        .text(service, "scale")
        .or(this::replicas)
        .filter(each -> each.matches("\\d{1,4}"))
        .map(Integer::valueOf)
        .orElse(1);
  }

  private List<String> networks() {
    if (ComposeValues.present(service, "network_mode").isPresent()) {
      return List.of();
    }
    Optional<YamlNode> node = ComposeValues.present(service, "networks");
    List<String> networks =
        node.isPresent() && node.get() instanceof YamlNode.Mapping mapping
            ? List.copyOf(mapping.entries().keySet())
            : values.texts(service, "networks");
    return networks.isEmpty() ? List.of("default") : networks;
  }

  private boolean hasFixedAddress() {
    return ComposeValues.present(service, "networks")
        .filter(YamlNode.Mapping.class::isInstance)
        .map(YamlNode.Mapping.class::cast)
        .stream()
        .flatMap(networks -> networks.entries().values().stream())
        .map(YamlNode.Entry::value)
        .filter(YamlNode.Mapping.class::isInstance)
        .map(YamlNode.Mapping.class::cast)
        .anyMatch(
            network ->
                network.entries().containsKey("ipv4_address")
                    || network.entries().containsKey("ipv6_address"));
  }

  private void checkStopGracePeriod() {
    values
        .text(service, "stop_grace_period")
        .filter(text -> Durations.parse(text).isEmpty())
        .ifPresent(
            text ->
                values.problem(
                    line,
                    "service '%s': stop_grace_period must be a duration such as 30s, found '%s'"
                        .formatted(name, text)));
  }

  private List<VolumeMount> volumes() {
    List<VolumeMount> volumes = new ArrayList<>();
    for (YamlNode item : values.items(service, "volumes")) {
      if (item instanceof YamlNode.Scalar scalar) {
        volumes.add(VolumeMount.parse(values.text(scalar)));
      } else if (item instanceof YamlNode.Mapping mapping) {
        volumes.add(
            new VolumeMount(
                values.text(mapping, "type").orElse("volume"),
                values.text(mapping, "source"),
                values.text(mapping, "target").orElse(""),
                values.isTrue(mapping, "read_only")));
      }
    }
    return volumes;
  }
}
