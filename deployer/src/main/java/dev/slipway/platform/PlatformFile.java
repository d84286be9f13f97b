package dev.slipway.platform;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.NearestName;
import dev.slipway.platform.yaml.Problems;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a platform from the texts of its files and reports everything wrong with them at once. */
public final class PlatformFile {

  private static final List<String> USUAL_COMPOSE_FILES =
      List.of(
          "docker-compose.prod.yml",
          "docker-compose.prod.yaml",
          "docker-compose.production.yml",
          "compose.prod.yml",
          "compose.prod.yaml",
          "docker-compose.yml",
          "docker-compose.yaml",
          "compose.yml",
          "compose.yaml");

  private final PlatformSource source;
  private final Problems problems = new Problems();
  private final SlipwayFile settings;

  private PlatformFile(PlatformSource source) {
    this.source = source;
    this.settings = SlipwayFile.read(source.text(SlipwayFile.FILE).orElse(""), problems);
  }

  /**
   * Reads a platform.
   *
   * @param source the texts of its files
   * @param environment the variables for the compose file's interpolation
   * @throws dev.slipway.SlipwayException refusing the platform, with every problem found
   */
  public static Platform parse(PlatformSource source, Map<String, String> environment) {
    return new PlatformFile(source).parse(environment);
  }

  private Platform parse(Map<String, String> environment) {
    boolean settingsAreSound = problems.isEmpty();
    Optional<ComposeFile> compose = compose(environment);
    Map<Role, ServiceSpec> services = new EnumMap<>(Role.class);
    List<BuiltService> built = new ArrayList<>();
    // With unsound settings the conventions stand in, and what they lead to would only mislead.
    if (settingsAreSound && compose.isPresent()) {
      for (Role role : Role.values()) {
        find(role, compose.get()).ifPresent(service -> services.put(role, service));
      }
      services.forEach((role, service) -> checkProfiles(role, service, compose.get()));
      checkDistinct(services);
      services.forEach(
          (role, service) -> {
            Part part = settings.part(role);
            part.folder()
                .map(folder -> new BuiltService(role, service, folder, part.dockerfile()))
                .ifPresent(built::add);
          });
    }
    if (settingsAreSound) {
      compose.ifPresent(this::checkName);
      checkFolders(compose);
    }
    problems.throwIfAny(
        "Correct the files named; what differs from the conventions is said in slipway.yml.");
    return new Platform(settings, compose.orElseThrow(), services, built);
  }

  private Optional<ComposeFile> compose(Map<String, String> environment) {
    String file = settings.composeFile();
    Optional<String> text = source.text(file);
    if (text.isEmpty()) {
      String others =
          USUAL_COMPOSE_FILES.stream()
              .filter(source::exists)
              .findFirst()
              .map("; there is %1$s: write 'compose-file: %1$s' in slipway.yml"::formatted)
              .orElse("; name the compose file with 'compose-file' in slipway.yml");
      problems.add(file, "there is no such file" + others);
      return Optional.empty();
    }
    return ComposeFile.read(file, text.get(), environment, source::text, problems);
  }

  private void checkName(ComposeFile compose) {
    String directory = settings.serverDirectory();
    if (settings.name().or(compose::projectName).isEmpty()
        && Platform.normalized(directory).isEmpty()) {
      problems.add(
          SlipwayFile.FILE,
          "'name' is missing: '%s' (server.directory) gives the compose project no name"
              .formatted(directory));
    }
  }

  private Optional<ServiceSpec> find(Role role, ComposeFile compose) {
    Part part = settings.part(role);
    if (part.service().isEmpty() && role == Role.BACKEND) {
      problems.add(SlipwayFile.FILE, "'services.backend' cannot be none; name the service");
    }
    Optional<ServiceSpec> service =
        part.service().flatMap(name -> Optional.ofNullable(compose.services().get(name)));
    if (service.isEmpty() && (part.required() || role == Role.BACKEND)) {
      part.service().ifPresent(name -> reportMissing(role, name, compose));
    }
    return service;
  }

  private void reportMissing(Role role, String name, ComposeFile compose) {
    String none = role == Role.BACKEND ? "" : ", or none if the platform has none";
    problems.add(
        compose.file(),
        "has no service '%s'; %s (name it with 'services.%s' in slipway.yml%s)"
            .formatted(
                name, NearestName.hint(name, compose.services().keySet()), role.key(), none));
  }

  private void checkProfiles(Role role, ServiceSpec service, ComposeFile compose) {
    if (role.folder().isPresent() && !service.profiles().isEmpty()) {
      problems.add(
          compose.file(),
          compose.lineOf("services", service.name(), "profiles"),
          "compose leaves service '%s' out unless its profile is named; take its 'profiles' out"
              .formatted(service.name()));
    }
  }

  private void checkDistinct(Map<Role, ServiceSpec> services) {
    services.forEach(
        (role, service) ->
            services.forEach(
                (other, same) -> {
                  if (role.compareTo(other) < 0 && service.equals(same)) {
                    problems.add(
                        SlipwayFile.FILE,
                        "'services.%s' and 'services.%s' are both '%s'"
                            .formatted(role.key(), other.key(), service.name()));
                  }
                }));
  }

  private void checkFolders(Optional<ComposeFile> compose) {
    for (Role role : Role.values()) {
      Part part = settings.part(role);
      Optional<String> recipe = part.folder().map(folder -> path(folder, part.dockerfile()));
      if (recipe.isPresent() && !source.exists(recipe.get())) {
        problems.add(
            recipe.get(),
            "there is no such file; name the folder with 'folders.%1$s' in slipway.yml, or none if Slipway does not build it%2$s"
                .formatted(role.key(), otherName(role, compose)));
      }
      part.sources()
          .filter(folder -> !source.exists(path(folder, "package.json")))
          .ifPresent(
              folder ->
                  problems.add(
                      path(folder, "package.json"),
                      "there is no such file; name the folder of the pages' sources with 'folders.%s' in slipway.yml, or take that out where the platform has none"
                          .formatted(role.key())));
    }
    settings.part(Role.BACKEND).folder().ifPresent(this::checkMigrations);
  }

  private String otherName(Role role, Optional<ComposeFile> compose) {
    return compose
        .flatMap(
            known ->
                settings.part(role).service().flatMap(service -> known.otherDockerfile(service)))
        .map(
            other ->
                ", and with 'dockerfiles.%s' what the compose file builds it by: '%s'"
                    .formatted(role.key(), other))
        .orElse("");
  }

  private void checkMigrations(String folder) {
    Set<String> candidates = migrationFiles(folder);
    if (candidates.stream().noneMatch(source::exists)
        && candidates.stream().noneMatch(this::isInPyproject)) {
      problems.add(
          folder,
          ("there is no alembic.ini; looked for %s"
                  + " (say where it is with 'migrations.directory' in slipway.yml)")
              .formatted(String.join(", ", candidates)));
    }
  }

  /** Whether alembic, from 1.16 on, has its settings in the pyproject.toml beside it instead. */
  private boolean isInPyproject(String ini) {
    return source
        .text(ini.substring(0, ini.lastIndexOf('/') + 1) + "pyproject.toml")
        .filter(text -> text.lines().anyMatch(line -> line.strip().equals("[tool.alembic]")))
        .isPresent();
  }

  /** Where the file may be; of a path within the image, the repository has some last part. */
  private Set<String> migrationFiles(String folder) {
    Set<String> files = new LinkedHashSet<>();
    List<String> command = settings.migrations().command();
    int option = Math.max(command.indexOf("-c"), command.indexOf("--config"));
    String ini =
        option >= 0 && option + 1 < command.size() ? command.get(option + 1) : "alembic.ini";
    String directory = settings.migrations().directory().orElse("");
    for (String rest = directory; !rest.isEmpty(); rest = afterSlash(rest)) {
      if (!rest.startsWith("/")) {
        files.add(path(path(folder, rest), ini));
      }
    }
    files.add(path(folder, ini));
    return files;
  }

  private static String afterSlash(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? "" : path.substring(slash + 1);
  }

  private static String path(String folder, String file) {
    return folder.equals(".") ? file : folder + "/" + file;
  }
}
