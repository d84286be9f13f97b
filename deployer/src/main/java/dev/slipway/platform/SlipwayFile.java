package dev.slipway.platform;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import dev.slipway.platform.yaml.YamlText;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a platform says of itself in its optional {@code slipway.yml}, over the conventions.
 *
 * @param name the compose project, when it is given
 * @param composeFile the compose file, relative to the platform's root
 * @param parts where each role's service, build folder and Dockerfile are; every role is present
 * @param health how the backend tells that it is well
 * @param migrations how the schema is moved
 * @param backup how the database is backed up before its schema is moved
 * @param versionArgument the build argument that carries the commit
 * @param serverDirectory the checkout on the server, an absolute path
 * @param hooks what the team runs around a deployment
 * @param images how images come to the server, and how long they stay there
 */
public record SlipwayFile(
    Optional<String> name,
    String composeFile,
    Map<Role, Part> parts,
    Health health,
    Migrations migrations,
    BackupSettings backup,
    String versionArgument,
    String serverDirectory,
    Hooks hooks,
    Images images) {

  /** The file's own name, at the platform's root. */
  public static final String FILE = "slipway.yml";

  static final String NONE = "none";
  static final String ADVICE = "Correct the lines named; docs/slipway-yml.md explains every key.";

  private static final List<String> KEYS =
      List.of(
          "name",
          "compose-file",
          "services",
          "folders",
          "dockerfiles",
          "health",
          "migrations",
          "backup",
          "build",
          "server",
          "hooks",
          "images");
  private static final List<String> MIGRATIONS_KEYS =
      List.of(
          "directory",
          "command",
          "known-drift",
          "sizes",
          "longest-block",
          "lock-timeout",
          "lock-tries",
          "deadline");
  private static final List<String> BACKUP_KEYS = List.of("mode", "keep", "limit");

  /** A name with a dash in front would be an option of compose or of the builder. */
  private static final String PATH = "(?!/)(?!.*(^|/)(\\.\\.(/|$)|-))\\S(.*\\S)?";

  private static final String HOST = "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?";

  private static final String A_PATH =
      "a path below the platform's root without a - in front of a name";

  /** Copies. */
  public SlipwayFile {
    parts = Collections.unmodifiableMap(new EnumMap<>(parts));
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
    int undecoded = text.indexOf('\uFFFD');
    if (undecoded >= 0) {
      int line = (int) text.substring(0, undecoded).lines().count();
      problems.add(FILE, Math.max(1, line), "is not UTF-8; save the file as UTF-8");
    }
    YamlNode.Mapping top =
        YamlText.readMapping(FILE, text, problems).orElseGet(() -> YamlNode.Mapping.empty(1));
    Section root = Section.root(top, FILE, problems, KEYS);
    return new SlipwayFile(
        root.text(
            "name", "[a-z0-9][a-z0-9_-]*", "a project name of lower case letters, digits, - and _"),
        root.text("compose-file", PATH, A_PATH)
            .map(SlipwayFile::plain)
            .orElse("docker-compose.prod.yml"),
        parts(root),
        health(
            root.section(
                "health", List.of("path", "host", "version-field", "budget", "successes"))),
        migrations(root.section("migrations", MIGRATIONS_KEYS)),
        backup(root.section("backup", BACKUP_KEYS)),
        root.section("build", List.of("version-argument"))
            .text("version-argument", "[A-Za-z_][A-Za-z0-9_]*", "the name of a build argument")
            .orElse("APP_VERSION"),
        root.section("server", List.of("directory"))
            .text("directory", "/\\S.*(?<!/)", "an absolute path without a slash at its end")
            .orElse("/opt/platform-v2"),
        hooks(root.section("hooks", List.of("before", "after"))),
        images(root.section("images", List.of("transfer", "keep"))));
  }

  private static Hooks hooks(Section section) {
    return new Hooks(hook(section, "before"), hook(section, "after"));
  }

  private static Optional<Hook> hook(Section hooks, String when) {
    if (!hooks.has(when)) {
      return Optional.empty();
    }
    Section section = hooks.section(when, List.of("run", "where", "deadline"));
    boolean local =
        section.text("where", "server|local", "server or local").orElse("server").equals("local");
    Optional<List<String>> run = section.requiredWords("run");
    if (run.isPresent() && !Hook.isProgram(run.get().get(0))) {
      section.wrong("run", "a command that begins with a program; env sets variables");
      return Optional.empty();
    }
    return run.map(
        words -> new Hook(words, local, section.duration("deadline").orElse(Hook.USUAL)));
  }

  private static Images images(Section section) {
    return new Images(
        section
            .text("transfer", Transfer.WORDS, "auto, registry or ssh")
            .flatMap(Transfer::find)
            .orElse(Images.DEFAULT.transfer()),
        section.count("keep").orElse(Images.DEFAULT.keep()));
  }

  private static Map<Role, Part> parts(Section root) {
    Section services =
        root.section("services", Arrays.stream(Role.values()).map(Role::key).toList());
    List<String> built =
        Arrays.stream(Role.values())
            .filter(role -> role.folder().isPresent())
            .map(Role::key)
            .toList();
    Section folders = root.section("folders", built);
    Section dockerfiles = root.section("dockerfiles", built);
    Map<Role, Part> parts = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      parts.put(role, part(role, services, folders, dockerfiles));
    }
    return parts;
  }

  private static Part part(Role role, Section services, Section folders, Section dockerfiles) {
    Optional<String> service =
        Optional.of(services.text(role.key()).orElse(role.service()))
            .filter(name -> !name.equals(NONE));
    Optional<String> written =
        folders.text(role.key(), PATH, A_PATH + ", or none").map(SlipwayFile::plain);
    Optional<String> folder =
        written.or(role::folder).filter(path -> !path.equals(NONE) && service.isPresent());
    String dockerfile =
        dockerfiles
            .text(role.key(), PATH, "a path below its folder without a - in front of a name")
            .map(SlipwayFile::plain)
            .orElse(ComposeFile.DOCKERFILE);
    boolean named = services.has(role.key()) || role.folder().isEmpty();
    return new Part(
        service,
        folder,
        dockerfile,
        service.isPresent() && (named || folder.isPresent()),
        written.filter(path -> role == Role.FRONTEND && service.isEmpty() && !path.equals(NONE)));
  }

  /** A path as git spells it. */
  private static String plain(String path) {
    return path.replaceFirst("^(\\./+)+(?=.)", "").replaceFirst("(?<=.)/+$", "");
  }

  private static Health health(Section section) {
    return new Health(
        section.text("path", "/\\S*", "a path that starts with /").orElse(Health.DEFAULT.path()),
        section.text("host", HOST, "a host name such as api.platform.example"),
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
        section.duration("longest-block").orElse(Migrations.DEFAULT.longestBlock()),
        patience(section));
  }

  private static LockPatience patience(Section section) {
    LockPatience usual = LockPatience.DEFAULT;
    Duration timeout = section.duration("lock-timeout").orElse(usual.lockTimeout());
    Duration deadline = section.duration("deadline").orElse(usual.deadline());
    if (deadline.compareTo(timeout) < 0) {
      section.wrong("deadline", "longer than lock-timeout");
      deadline = timeout;
    }
    return new LockPatience(timeout, section.count("lock-tries").orElse(usual.tries()), deadline);
  }

  private static BackupSettings backup(Section section) {
    BackupSettings usual = BackupSettings.DEFAULT;
    return new BackupSettings(
        section
            .text("mode", "restore|read|none", "restore, read or none")
            .map(mode -> BackupSettings.Mode.valueOf(mode.toUpperCase(Locale.ROOT)))
            .orElse(usual.mode()),
        section.count("keep").orElse(usual.keep()),
        section.bytes("limit").orElse(usual.limitBytes()));
  }

  /** Where the platform has the service of a role. */
  public Part part(Role role) {
    return Objects.requireNonNull(parts.get(role));
  }
}
