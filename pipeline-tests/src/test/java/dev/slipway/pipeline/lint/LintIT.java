package dev.slipway.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.Toolbox;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Static checks with the tools and versions that the platform pins itself. */
@PipelineTest
@Tag("lint")
class LintIT {

  private static final String SOURCES = "/slipway/sources";

  private final PlatformUnderTest platform;
  private final Toolbox toolbox;

  LintIT(PlatformUnderTest platform) {
    this.platform = platform;
    this.toolbox = new Toolbox(platform);
  }

  @Test
  void pythonSourcesAreClean() {
    String folder =
        platform.platform().built(Role.BACKEND).map(BuiltService::folder).orElse("backend");
    Path backend = platform.sources().resolve(folder);
    Linters.Pinned linter =
        Linters.find(backend)
            .orElseThrow(
                () ->
                    new AssertionError(
                        "No pinned linter in "
                            + folder
                            + ", nor one in a poetry.lock or uv.lock there; write for instance `ruff==0.14.0` into "
                            + folder
                            + "/requirements-dev.txt."));
    String image =
        toolbox.image(
            linter.name(),
            "FROM "
                + platform.images().base(Role.BACKEND)
                + "\nUSER root\nRUN pip install --no-cache-dir "
                + linter.name()
                + "=="
                + linter.version()
                + "\nRUN mkdir -p "
                + SOURCES
                + "\n",
            List.of());

    CommandResult result =
        toolbox.run(ContainerRun.of(image, linter.command()).copying(backend, SOURCES));

    assertThat(result.exitStatus())
        .withFailMessage(
            () ->
                linter.name()
                    + " "
                    + linter.version()
                    + " finds in "
                    + folder
                    + ":\n"
                    + inFolder(result, folder)
                    + "\n"
                    + linter.advice(folder))
        .isZero();
  }

  private static String inFolder(CommandResult result, String folder) {
    return String.join(
        "\n",
        Stream.concat(result.standardOutput().lines(), result.standardError().lines())
            .filter(line -> !line.isBlank())
            .map(
                line ->
                    line.matches("\\S+:\\d+:.*") && !folder.equals(".")
                        ? folder + "/" + line.replaceFirst("^\\./", "")
                        : line)
            .toList());
  }

  @Test
  void frontendSourcesAreClean() {
    BuiltService frontend =
        platform
            .platform()
            .built(Role.FRONTEND)
            .orElseGet(() -> Assumptions.abort("the platform has no frontend that is built"));
    Path folder = platform.sources().resolve(frontend.folder());
    assertThat(folder.resolve("package-lock.json"))
        .withFailMessage(
            "%s/package-lock.json is missing, so ESLint's version is not pinned; run `npm install` there and commit it.",
            frontend.folder())
        .exists();
    String image =
        toolbox.image(
            "eslint",
            "FROM "
                + platform.images().base(Role.FRONTEND)
                + "\nUSER root\nWORKDIR "
                + SOURCES
                + "\nCOPY package*.json .npmr[c] ./\nRUN npm ci --no-audit --no-fund\n",
            Stream.of("package.json", "package-lock.json", ".npmrc")
                .map(folder::resolve)
                .filter(Files::exists)
                .toList());

    CommandResult result =
        toolbox.run(
            ContainerRun.of(
                    image, List.of("npx", "--no-install", "eslint", ".", "--format", "json"))
                .copying(folder, SOURCES));

    List<String> findings = findings(result, frontend.folder());
    assertThat(result.exitStatus() == 0 && findings.isEmpty())
        .withFailMessage(
            () ->
                "ESLint finds in "
                    + frontend.folder()
                    + ":\n"
                    + String.join("\n", findings)
                    + (findings.isEmpty() ? result.tail(15) : "")
                    + "\nMend these lines, or run `npx eslint --fix .` in "
                    + frontend.folder()
                    + ".")
        .isTrue();
  }

  private static List<String> findings(CommandResult result, String folder) {
    List<String> findings = new ArrayList<>();
    int start = result.standardOutput().indexOf('[');
    if (start < 0) {
      return findings;
    }
    for (JsonNode file : Json.tree(result.standardOutput().substring(start))) {
      String path = file.path("filePath").asText().replace(SOURCES, folder);
      for (JsonNode message : file.path("messages")) {
        if (message.path("severity").asInt() >= 2) {
          findings.add(
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
    return findings;
  }
}
