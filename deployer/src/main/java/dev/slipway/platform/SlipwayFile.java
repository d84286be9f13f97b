package dev.slipway.platform;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a platform says of itself in its optional {@code slipway.yml}, over the conventions.
 *
 * @param name the compose project, when it is given
 * @param composeFile the compose file, relative to the platform's root
 * @param parts where each role's service and build folder are; every role is present
 * @param health how the backend tells that it is well
 * @param migrations how the schema is moved
 * @param versionArgument the build argument that carries the commit
 * @param serverDirectory the checkout on the server, an absolute path
 */
public record SlipwayFile(
    Optional<String> name,
    String composeFile,
    Map<Role, Part> parts,
    Health health,
    Migrations migrations,
    String versionArgument,
    String serverDirectory) {

  /** The file's own name, at the platform's root. */
  public static final String FILE = "slipway.yml";

  static final String NONE = "none";
  static final String ADVICE = "Correct the lines named; docs/slipway-yml.md explains every key.";

  private static final List<String> KEYS =
      List.of(
          "name", "compose-file", "services", "folders", "health", "migrations", "build", "server");
  private static final List<String> MIGRATIONS_KEYS =
      List.of("directory", "command", "known-drift", "sizes", "longest-block");
  private static final String PATH = "(?![/-])(?!.*(^|/)\\.\\.(/|$))\\S(.*\\S)?";

  /** Copies. */
  public SlipwayFile {
    parts = Collections.unmodifiableMap(new EnumMap<>(parts));
  }

  /** The conventions alone, for a platform without {@code slipway.yml}. */
  public static SlipwayFile defaults() {
    return parse("");
  }

  /**
   * Reads the text of a {@code slipway.yml}.
   *
   * @throws dev.slipway.SlipwayException naming every problem with its line
   */
  public static SlipwayFile parse(String text) {
    Problems problems = new Problems();
    SlipwayFile settings = read(text, problems);
    problems.throwIfAny(ADVICE);
    return settings;
  }

  /** Reads as much as can be understood; conventions stand in for the rest. */
  static SlipwayFile read(String text, Problems problems) {
    YamlNode.Mapping top =
        YamlText.readMapping(FILE, text, problems).orElseGet(() -> YamlNode.Mapping.empty(1));
    Section root = Section.root(top, FILE, problems, KEYS);
    return new SlipwayFile(
        root.text(
            "name", "[a-z0-9][a-z0-9_-]*", "a project name of lower case letters, digits, - and _"),
        root.text("compose-file", PATH, "a path below the platform's root")
            .orElse("docker-compose.prod.yml"),
        parts(root),
        health(root.section("health", List.of("path", "version-field", "budget", "successes"))),
        migrations(root.section("migrations", MIGRATIONS_KEYS)),
        root.section("build", List.of("version-argument"))
            .text("version-argument", "[A-Za-z_][A-Za-z0-9_]*", "the name of a build argument")
            .orElse("APP_VERSION"),
        root.section("server", List.of("directory"))
            .text("directory", "/\\S.*(?<!/)", "an absolute path without a slash at its end")
            .orElse("/opt/platform-v2"));
  }

  private static Map<Role, Part> parts(Section root) {
    Section services =
        root.section("services", Arrays.stream(Role.values()).map(Role::key).toList());
    Section folders =
        root.section(
            "folders",
            Arrays.stream(Role.values())
                .filter(role -> role.folder().isPresent())
                .map(Role::key)
                .toList());
    Map<Role, Part> parts = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      parts.put(role, part(role, services, folders));
    }
    return parts;
  }

  private static Part part(Role role, Section services, Section folders) {
    Optional<String> service =
        Optional.of(services.text(role.key()).orElse(role.service()))
            .filter(name -> !name.equals(NONE));
    Optional<String> folder =
        folders
            .text(role.key(), PATH, "a path below the platform's root, or none")
            .map(path -> path.replaceFirst("^\\./(?=.)", "").replaceFirst("(?<=.)/+$", ""))
            .or(role::folder)
            .filter(path -> !path.equals(NONE) && service.isPresent());
    boolean named = services.has(role.key()) || role.folder().isEmpty();
    return new Part(service, folder, service.isPresent() && (named || folder.isPresent()));
  }

  private static Health health(Section section) {
    return new Health(
        section.text("path", "/\\S*", "a path that starts with /").orElse(Health.DEFAULT.path()),
        section.text("version-field").orElse(Health.DEFAULT.versionField()),
        section.duration("budget").orElse(Health.DEFAULT.budget()),
        section.count("successes").orElse(Health.DEFAULT.successes()));
  }

  private static Migrations migrations(Section section) {
    return new Migrations(
        section.text("directory"),
        section.words("command").orElse(Migrations.DEFAULT.command()),
        section.texts("known-drift"),
        section.numbers("sizes", "rows"),
        section.duration("longest-block").orElse(Migrations.DEFAULT.longestBlock()));
  }

  /** Where the platform has the service of a role. */
  public Part part(Role role) {
    return Objects.requireNonNull(parts.get(role));
  }
}
