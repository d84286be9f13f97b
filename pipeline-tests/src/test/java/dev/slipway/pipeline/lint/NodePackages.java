package dev.slipway.pipeline.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the Node packages of a folder are installed, exactly as its lock file says and without
 * running their scripts.
 *
 * @param lock the lock file
 * @param installation the shell's words
 */
record NodePackages(String lock, String installation) {

  /** The files and folders that an installation reads. */
  static final List<String> READ =
      List.of(
          "package.json",
          "package-lock.json",
          "npm-shrinkwrap.json",
          "pnpm-lock.yaml",
          "pnpm-workspace.yaml",
          ".pnpmfile.cjs",
          "yarn.lock",
          ".npmrc",
          ".yarnrc",
          ".yarnrc.yml",
          ".yarn",
          "patches");

  /** Lock files that nothing here installs from. */
  private static final String UNSUPPORTED = "bun\\.lockb?|deno\\.lock";

  private static final Pattern MANAGER = Pattern.compile("(npm|pnpm|yarn)@(\\d[\\w.-]*).*");
  private static final Pattern PNPM_FORMAT = Pattern.compile("(?m)^lockfileVersion: ['\"]?(\\d+)");

  /** Those of a folder; empty when it has no lock file that is known here. */
  static Optional<NodePackages> of(SourceFolder sources, String folder) {
    Matcher manager = MANAGER.matcher(manifest(sources, folder).path("packageManager").asText());
    String name = manager.matches() ? manager.group(1) : "";
    Optional<String> version = manager.matches() ? Optional.of(manager.group(2)) : Optional.empty();
    return lock(sources, folder, name)
        .map(
            lock ->
                new NodePackages(
                    lock,
                    installation(
                        sources, folder, lock, version.filter(known -> lock.startsWith(name)))));
  }

  /** Whether the packages of a folder are those of a workspace's members, too. */
  static boolean isWorkspace(SourceFolder sources, String folder) {
    return manifest(sources, folder).has("workspaces")
        || sources.has(folder, Pattern.quote("pnpm-workspace.yaml"));
  }

  /** The lock file of a folder that nothing here installs from. */
  static Optional<String> unsupported(SourceFolder sources, String folder) {
    return sources.files(folder).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.matches(UNSUPPORTED))
        .findFirst();
  }

  /** The {@code package.json} of a folder; an empty object when there is none. */
  static JsonNode manifest(SourceFolder sources, String folder) {
    String text = sources.text(folder, "package.json");
    return Json.tree(text.isBlank() ? "{}" : text);
  }

  /** That of the package manager which {@code package.json} names comes first. */
  private static Optional<String> lock(SourceFolder sources, String folder, String manager) {
    List<String> locks =
        List.of("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock").stream()
            .filter(lock -> sources.has(folder, Pattern.quote(lock)))
            .toList();
    return locks.stream()
        .filter(lock -> !manager.isEmpty() && lock.startsWith(manager))
        .findFirst()
        .or(() -> locks.stream().findFirst());
  }

  private static String installation(
      SourceFolder sources, String folder, String lock, Optional<String> version) {
    String text = sources.text(folder, lock);
    return switch (lock) {
      case "pnpm-lock.yaml" ->
          "npx --yes pnpm@"
              + version.orElseGet(() -> pnpmFor(text))
              + " install --frozen-lockfile --ignore-scripts";
      case "yarn.lock" ->
          text.contains("__metadata:")
              ? berry(sources.text(folder, ".yarnrc.yml"), version)
              : "npx --yes yarn@"
                  + version.filter(known -> known.startsWith("1.")).orElse("1")
                  + " install --frozen-lockfile --non-interactive --ignore-scripts";
      default -> "npm ci --no-audit --no-fund --ignore-scripts";
    };
  }

  /**
   * Only the Yarn that wrote a lock file leaves it as it is; any other one keeps its versions and
   * writes them anew.
   */
  private static String berry(String settings, Optional<String> version) {
    Optional<String> named = version.filter(known -> !known.startsWith("1."));
    return "YARN_NODE_LINKER=node-modules YARN_ENABLE_SCRIPTS=false npx --yes --package=@yarnpkg/cli-dist@"
        + named.orElse("4")
        + " yarn install "
        + (named.isPresent() || settings.contains("yarnPath:") ? "--immutable" : "--no-immutable");
  }

  /** The newest pnpm that installs from a lock file of this format as it is. */
  private static String pnpmFor(String text) {
    Matcher format = PNPM_FORMAT.matcher(text);
    int number = format.find() ? Integer.parseInt(format.group(1)) : 9;
    return number < 6 ? "7" : number < 9 ? "8" : "10";
  }
}
