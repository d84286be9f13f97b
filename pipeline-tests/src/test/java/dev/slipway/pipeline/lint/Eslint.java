package dev.slipway.pipeline.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How ESLint is asked to look at all that a frontend's configuration is about.
 *
 * @param command looks at everything in the working directory
 * @param environment its variables
 */
record Eslint(List<String> command, Map<String, String> environment) {

  private static final String FLAT = "eslint\\.config\\.[cm]?[jt]s";
  private static final String LEGACY = "\\.eslintrc(\\.(c?js|ya?ml|json))?";

  /** The extensions that a script gives to ESLint. */
  private static final Pattern EXTENSIONS = Pattern.compile("\\s--ext[\\s=]+[\"']?([\\w.,*]+)");

  /** Packages with which ESLint reads TypeScript. */
  private static final Pattern TYPESCRIPT =
      Pattern.compile(
          ".*eslint.*typescript.*|.*typescript.*eslint.*|eslint-config-(?:next|react-app)");

  /** In the names of packages with which it reads files of a framework's own. */
  private static final Pattern FRAMEWORK = Pattern.compile("\\b(?:vue|svelte|astro)\\b");

  /**
   * That of a frontend. A legacy configuration says nothing of extensions, and without any ESLint
   * looks at {@code .js} files alone.
   *
   * @see <a href="https://eslint.org/docs/v8.x/use/command-line-interface#--ext">--ext</a>
   */
  static Eslint of(SourceFolder frontend) {
    List<String> command =
        new ArrayList<>(List.of("npx", "--no-install", "eslint", ".", "--format", "json"));
    if (!legacy(frontend)) {
      return new Eslint(command, Map.of());
    }
    JsonNode manifest = NodePackages.manifest(frontend, frontend.path());
    Set<String> extensions = ofScripts(manifest);
    if (extensions.isEmpty()) {
      extensions = ofParsers(frontend);
    }
    command.addAll(List.of("--ext", String.join(",", extensions)));
    return new Eslint(command, Map.of("ESLINT_USE_FLAT_CONFIG", "false"));
  }

  /** Whether a folder has a configuration of ESLint. */
  static boolean configured(SourceFolder sources, String folder) {
    return sources.has(folder, FLAT) || legacy(sources, folder);
  }

  private static boolean legacy(SourceFolder frontend) {
    return frontend.upwards().stream().noneMatch(folder -> frontend.has(folder, FLAT))
        && frontend.upwards().stream().anyMatch(folder -> legacy(frontend, folder));
  }

  private static boolean legacy(SourceFolder sources, String folder) {
    return sources.has(folder, LEGACY)
        || NodePackages.manifest(sources, folder).has("eslintConfig");
  }

  private static Set<String> ofScripts(JsonNode manifest) {
    Set<String> extensions = new LinkedHashSet<>();
    for (JsonNode script : manifest.path("scripts")) {
      for (String call : script.asText().split("[&|;]+", -1)) {
        if (call.matches("(?s).*\\beslint\\b.*")) {
          EXTENSIONS
              .matcher(call)
              .results()
              .forEach(found -> extensions.addAll(List.of(found.group(1).split(",", -1))));
        }
      }
    }
    return extensions;
  }

  /**
   * ESLint's own parser reads JavaScript; a file that no parser of the platform reads is no fault.
   */
  private static Set<String> ofParsers(SourceFolder frontend) {
    Set<String> extensions = new LinkedHashSet<>(List.of(".js", ".jsx", ".mjs", ".cjs"));
    for (String dependency : dependencies(frontend)) {
      if (TYPESCRIPT.matcher(dependency).matches()) {
        extensions.addAll(List.of(".ts", ".tsx", ".mts", ".cts"));
      }
      Matcher framework = FRAMEWORK.matcher(dependency);
      if (dependency.contains("eslint") && framework.find()) {
        extensions.add("." + framework.group());
      }
    }
    return extensions;
  }

  private static Set<String> dependencies(SourceFolder frontend) {
    Set<String> names = new TreeSet<>();
    for (String folder : frontend.upwards()) {
      JsonNode manifest = NodePackages.manifest(frontend, folder);
      manifest.path("dependencies").fieldNames().forEachRemaining(names::add);
      manifest.path("devDependencies").fieldNames().forEachRemaining(names::add);
    }
    return names;
  }

  /**
   * Whether it could not read a file because no TypeScript project of the team's has it, so that
   * the team's own call, which names folders, does not look at it.
   *
   * @see <a href="https://typescript-eslint.io/troubleshooting/typed-linting">typescript-eslint</a>
   */
  private static boolean isOutsideOfProjects(JsonNode message) {
    return message.path("fatal").asBoolean()
        && message.path("message").asText().contains("parserOptions.project");
  }

  /** Whether a report that makes it end with 1 may hold nothing but files outside of projects. */
  static boolean passesOver(String report) {
    int start = report.indexOf('[');
    return start >= 0
        && Json.tree(report.substring(start)).findParents("fatal").stream()
            .anyMatch(Eslint::isOutsideOfProjects);
  }

  /**
   * The errors in its report, each as {@code file:line rule message}.
   *
   * @param sources where the platform lay
   */
  static List<String> errors(String report, String sources) {
    List<String> errors = new ArrayList<>();
    int start = report.indexOf('[');
    if (start < 0) {
      return errors;
    }
    for (JsonNode file : Json.tree(report.substring(start))) {
      String path =
          file.path("filePath").asText().replaceFirst("^" + Pattern.quote(sources + "/"), "");
      for (JsonNode message : file.path("messages")) {
        if (message.path("severity").asInt() >= 2 && !isOutsideOfProjects(message)) {
          errors.add(
              path
                  + ":"
                  + message.path("line").asInt()
                  + " "
                  + message.path("ruleId").asText("syntax")
                  + " "
                  + message.path("message").asText());
        }
      }
    }
    return errors;
  }
}
