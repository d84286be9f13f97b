package dev.slipway.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.Toolbox;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    SourceFolder backend =
        new SourceFolder(
            platform.sources(),
            platform.platform().built(Role.BACKEND).map(BuiltService::folder).orElse("backend"));
    Linters.Pinned linter =
        Linters.find(backend)
            .orElseThrow(
                () ->
                    new AssertionError(
                        "No pinned linter in %s, nor one in a poetry.lock or uv.lock there; write for instance `ruff==0.14.0` into %s."
                            .formatted(backend.title(), backend.named("requirements-dev.txt"))));

    CommandResult result = look(toolbox.image(recipe(linter)), linter.command(), backend, Map.of());

    assertThat(result.exitStatus())
        .withFailMessage(
            () ->
                outcome(
                        linter.name() + " " + linter.version(),
                        backend,
                        result,
                        linter.found(result.exitStatus()))
                    + inFolder(result, backend.path())
                    + "\n"
                    + (linter.found(result.exitStatus())
                        ? linter.advice(backend.title())
                        : "Mend what it names."))
        .isZero();
  }

  private Toolbox.Recipe recipe(Linters.Pinned linter) {
    String base = platform.images().base(Role.BACKEND);
    String pinned = linter.name() + "==" + linter.version();
    return new Toolbox.Recipe(
        linter.name(),
        """
        FROM %s
        USER root
        RUN pip install --no-cache-dir %s
        RUN mkdir -p %s
        """
            .formatted(base, pinned, SOURCES),
        Map.of(),
        "%s, which the backend pins, cannot be installed in %s, the image that %s builds on"
            .formatted(pinned, base, platform.images().dockerfile(Role.BACKEND)),
        "Pin a version that `pip install` finds there, or build on an image that has pip.");
  }

  private CommandResult look(
      String image, List<String> command, SourceFolder folder, Map<String, String> environment) {
    return toolbox.run(
        ContainerRun.of(image, command)
            .with(environment)
            .copying(folder.root(), SOURCES)
            .in(Path.of(SOURCES).resolve(folder.path()).normalize().toString()));
  }

  private static String outcome(
      String tool, SourceFolder folder, CommandResult result, boolean found) {
    return found
        ? tool + " finds in " + folder.title() + ":\n"
        : "%s could not look at %s and ended with %d:\n"
            .formatted(tool, folder.title(), result.exitStatus());
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
    SourceFolder frontend =
        platform
            .platform()
            .pageSources()
            .filter(folder -> platform.platform().pageBuilder().isPresent())
            .map(folder -> new SourceFolder(platform.sources(), folder))
            .orElseGet(() -> Assumptions.abort(PlatformUnderTest.NO_PAGES));
    Eslint eslint = Eslint.of(frontend);
    String image = toolbox.image(NodeToolbox.recipe(platform.images(), frontend, SOURCES));

    CommandResult result = look(image, eslint.command(), frontend, eslint.environment());

    List<String> errors = Eslint.errors(result.standardOutput(), SOURCES);
    boolean looked =
        result.exitStatus() == 0
            || (result.exitStatus() == 1 && Eslint.passesOver(result.standardOutput()));
    assertThat(looked && errors.isEmpty())
        .withFailMessage(
            () ->
                outcome("ESLint", frontend, result, !errors.isEmpty())
                    + String.join("\n", errors)
                    + (errors.isEmpty() ? result.tail(15) : "")
                    + "\nMend "
                    + (errors.isEmpty() ? "what it names" : "these lines")
                    + ", or run `npx eslint --fix .` in "
                    + frontend.title()
                    + ".")
        .isTrue();
  }
}
