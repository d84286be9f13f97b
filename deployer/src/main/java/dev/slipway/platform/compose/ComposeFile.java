package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.NearestName;
import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import dev.slipway.platform.yaml.YamlText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A compose file as compose itself would understand it, with the lines things stand on. */
public final class ComposeFile {

  /** What an image is built by where nothing else is named. */
  public static final String DOCKERFILE = "Dockerfile";

  static final String ADVICE =
      "Correct the compose file; 'docker compose config' shows how compose reads it.";

  static final String NO_SERVICES = "has no services; write them under 'services:'";

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)[^{}]*\\}|([A-Za-z_][A-Za-z0-9_]*))");

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*\\}+");

  private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9_-]*");

  private final String file;
  private final String text;
  private final YamlNode.Mapping document;
  private final Optional<String> projectName;
  private final Map<String, ServiceSpec> services;
  private final List<Variable> variables;

  private ComposeFile(
      String file,
      String text,
      YamlNode.Mapping document,
      Optional<String> projectName,
      Map<String, ServiceSpec> services,
      List<Variable> variables) {
    this.file = file;
    this.text = text;
    this.document = document;
    this.projectName = projectName;
    this.services = Collections.unmodifiableMap(services);
    this.variables = List.copyOf(variables);
  }

  /** The files that its services take secrets from. */
  public ServiceFiles.SecretFiles secretFiles() {
    return ServiceFiles.secretFiles(text);
  }

  /**
   * Reads a compose file. A variable that is required but unset is no error here: see {@link
   * #variables()}.
   *
   * @param file its name, for messages
   * @param text its text
   * @param environment the variables for interpolation
   * @throws dev.slipway.SlipwayException naming every problem with its line
   */
  public static ComposeFile parse(String file, String text, Map<String, String> environment) {
    Problems problems = new Problems();
    Optional<ComposeFile> compose =
        read(file, text, environment, path -> Optional.empty(), problems);
    problems.throwIfAny(ADVICE);
    return compose.orElseThrow();
  }

  /**
   * Reads a compose file; nothing, when too little of it can be understood.
   *
   * @param files the texts of the platform's files, env files among them
   */
  public static Optional<ComposeFile> read(
      String file,
      String text,
      Map<String, String> environment,
      Function<String, Optional<String>> files,
      Problems problems) {
    Optional<YamlNode.Mapping> document = YamlText.readMapping(file, text, problems);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    ComposeValues values = new ComposeValues(file, environment, problems);
    List<Variable> variables = VariableSearch.in(file, document.get(), problems);
    Optional<YamlNode.Mapping> services = services(document.get(), values);
    if (services.isEmpty()) {
      problems.add(file, NO_SERVICES);
      return Optional.empty();
    }
    return Optional.of(
        new ComposeFile(
            file,
            text,
            document.get(),
            projectName(document.get(), values),
            readServices(services.get(), values, new VariableFiles(file, files, environment)),
            variables));
  }

  private static Optional<String> projectName(YamlNode.Mapping document, ComposeValues values) {
    Optional<YamlNode.Scalar> written = values.scalar(document, "name");
    if (written.isPresent() && !values.isComplete(written.get())) {
      values.problem(
          written.get().line(),
          "'name' is '%s', which has no value here; write the name itself"
              .formatted(written.get().text()));
      return Optional.empty();
    }
    Optional<String> name = written.map(values::text);
    if (name.isPresent() && !PROJECT.matcher(name.get()).matches()) {
      values.problem(
          document.line(),
          "'name' must be a project name of lower case letters, digits, - and _, found '%s'"
              .formatted(name.get()));
    }
    return name;
  }

  private static Optional<YamlNode.Mapping> services(
      YamlNode.Mapping document, ComposeValues values) {
    if (ComposeValues.present(document, "include").isPresent()) {
      values.problem(document.line(), "Slipway does not follow 'include'; write its services here");
    }
    return values.mapping(document, "services").filter(each -> !each.entries().isEmpty());
  }

  private static Map<String, ServiceSpec> readServices(
      YamlNode.Mapping mapping, ComposeValues values, VariableFiles files) {
    Map<String, ServiceSpec> services = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) ->
                ServiceReader.read(name, entry, values, files)
                    .ifPresent(service -> services.put(name, service)));
    services.values().forEach(service -> checkDependencies(service, mapping, values));
    return services;
  }

  private static void checkDependencies(
      ServiceSpec service, YamlNode.Mapping services, ComposeValues values) {
    for (String other : service.needs()) {
      if (!services.entries().containsKey(other)) {
        values.problem(
            service.line(),
            "service '%s' depends on '%s', which does not exist; %s"
                .formatted(
                    service.name(), other, NearestName.hint(other, services.entries().keySet())));
      }
    }
  }

  /** Whether this is its text. */
  public boolean isOf(String other) {
    return text.equals(other);
  }

  /** Its name, as it was given. */
  public String file() {
    return file;
  }

  /** The project's name that the file gives itself, which only compose v2 honours. */
  public Optional<String> projectName() {
    return projectName;
  }

  /** Its services by name, in the order of the file. */
  public Map<String, ServiceSpec> services() {
    return services;
  }

  /** The images of services other than these, as far as they are known. */
  public Map<String, String> imagesBeside(Collection<String> others) {
    Map<String, String> images = new TreeMap<>();
    services.values().stream()
        .filter(service -> !others.contains(service.name()))
        .forEach(
            service ->
                service.image().ifPresent(image -> images.put(service.name(), image.toString())));
    return images;
  }

  /** The services that run the image of one of these, each with that. */
  public Map<String, String> sharers(Collection<String> built) {
    Map<String, String> builders = new TreeMap<>();
    built.forEach(
        name -> template(services.get(name)).ifPresent(image -> builders.put(image, name)));
    Map<String, String> sharers = new TreeMap<>();
    for (ServiceSpec service : services.values()) {
      Optional<String> builder = template(service).map(builders::get);
      builder
          .filter(name -> !name.equals(service.name()))
          .ifPresent(name -> sharers.put(service.name(), name));
    }
    return sharers;
  }

  /** Its image as written, whatever it says for a variable that is not set. */
  private static Optional<String> template(@Nullable ServiceSpec service) {
    return Optional.ofNullable(service)
        .flatMap(ServiceSpec::imageTemplate)
        .map(image -> VARIABLE.matcher(image).replaceAll("\\${$1$2}"));
  }

  /** Whether other services wait until this one has done its work and ended. */
  public boolean mustEnd(ServiceSpec service) {
    return services.values().stream()
        .anyMatch(
            other ->
                other.dependsOn().get(service.name()) == Dependency.SERVICE_COMPLETED_SUCCESSFULLY);
  }

  /**
   * Whether a service may end without anything being wrong: nobody would start it again, or ask how
   * it is.
   */
  public boolean mayEnd(ServiceSpec service) {
    return mustEnd(service)
        || (service.restart().filter("no"::equals).isPresent() && !service.healthcheck());
  }

  /** Every variable it uses, in the order of their first use. */
  public List<Variable> variables() {
    return variables;
  }

  /**
   * The line on which something stands: of the last key of {@code path} that exists, counted from
   * 1.
   *
   * @param path keys from the top, such as {@code services backend environment SECRET_KEY}
   */
  public int lineOf(String... path) {
    int line = document.line();
    YamlNode node = document;
    for (String key : path) {
      if (node instanceof YamlNode.Mapping mapping && mapping.entries().get(key) != null) {
        YamlNode.Entry entry = mapping.entries().get(key);
        line = entry.line();
        node = entry.value();
        continue;
      }
      return Assignment.in(node).stream()
          .filter(each -> each.key().equals(key))
          .mapToInt(Assignment::line)
          .findFirst()
          .orElse(line);
    }
    return line;
  }

  /**
   * The networks or volumes that are there before compose is, by their own names.
   *
   * @param section {@code networks} or {@code volumes}
   */
  public Set<String> external(String section) {
    Set<String> names = new TreeSet<>();
    section(section)
        .entries()
        .forEach(
            (key, entry) -> {
              if (entry.value() instanceof YamlNode.Mapping body && isExternal(body)) {
                names.add(ownName(section, key, ""));
              }
            });
    return names;
  }

  /**
   * What the engine calls a network or volume.
   *
   * @param section {@code networks} or {@code volumes}
   * @param key its name in the file
   * @param project the compose project
   */
  public String ownName(String section, String key, String project) {
    YamlNode.Mapping body = mapping(section(section), key);
    return name(body)
        .or(() -> name(mapping(body, "external")))
        .orElseGet(() -> isExternal(body) ? key : project + "_" + key);
  }

  private static Optional<String> name(YamlNode.Mapping body) {
    return written(body, "name");
  }

  static boolean isExternal(YamlNode.Mapping body) {
    return ComposeValues.present(body, "external")
        .filter(
            node ->
                !(node instanceof YamlNode.Scalar scalar) || ComposeValues.isTrue(scalar.text()))
        .isPresent();
  }

  /** What a service mounts, before interpolation: a name with a {@code $} depends on a variable. */
  public List<VolumeMount> writtenVolumes(String service) {
    if (!(serviceNode(service).get("volumes").orElse(null) instanceof YamlNode.Sequence list)) {
      return List.of();
    }
    List<VolumeMount> mounts = new ArrayList<>();
    for (YamlNode item : list.items()) {
      if (item instanceof YamlNode.Scalar scalar) {
        mounts.add(VolumeMount.parse(EXPRESSION.matcher(scalar.text()).replaceAll("\\$")));
      } else if (item instanceof YamlNode.Mapping mapping) {
        mounts.add(
            new VolumeMount(
                written(mapping, "type").orElse("volume"),
                written(mapping, "source"),
                written(mapping, "target").orElse(""),
                false));
      }
    }
    return mounts;
  }

  /** The file that a service is built by, where that is not called {@value #DOCKERFILE}. */
  public Optional<String> otherDockerfile(String service) {
    return ofBuild(service, "dockerfile").filter(file -> !file.equals(DOCKERFILE));
  }

  /**
   * What a service's {@code build} says, before interpolation.
   *
   * @param key such as {@code target}
   */
  public Optional<String> ofBuild(String service, String key) {
    return written(mapping(serviceNode(service), "build"), key);
  }

  private static Optional<String> written(YamlNode.Mapping mapping, String key) {
    return ComposeValues.present(mapping, key)
        .filter(YamlNode.Scalar.class::isInstance)
        .map(value -> ((YamlNode.Scalar) value).text());
  }

  /**
   * A name by which a service alone knows another.
   *
   * @param service the other
   */
  public record Link(String service, String name) {}

  /** The {@code links} of a service, before interpolation. */
  public List<Link> links(String service) {
    if (!(serviceNode(service).get("links").orElse(null) instanceof YamlNode.Sequence list)) {
      return List.of();
    }
    return list.items().stream()
        .filter(YamlNode.Scalar.class::isInstance)
        .map(item -> ((YamlNode.Scalar) item).text())
        .map(text -> new Link(text.replaceFirst(":.*", ""), text.replaceFirst(".*:", "")))
        .toList();
  }

  /** What the file says of a service, before interpolation. */
  public YamlNode.Mapping serviceNode(String name) {
    return mapping(section("services"), name);
  }

  /** What stands under a key of the file, before interpolation. */
  public YamlNode.Mapping section(String key) {
    return mapping(document, key);
  }

  private static YamlNode.Mapping mapping(YamlNode.Mapping node, String key) {
    return node.get(key).orElse(null) instanceof YamlNode.Mapping mapping
        ? mapping
        : YamlNode.Mapping.empty(1);
  }

  /**
   * A changed copy of the file that compose v1 1.29 and v2 both accept; expressions such as {@code
   * ${TAG:?}} stay as they are, relative paths too.
   */
  public String rewritten(ComposeRewrite rewrite) {
    return YamlText.write(new ComposeRewriter(this, rewrite).rewrite(document));
  }
}
