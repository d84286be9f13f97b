package dev.slipway.pipeline.unit;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.pipeline.BackendRig;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.Toolbox;
import dev.slipway.platform.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A backend's own tests, and an image that has what they need on top of what ships. */
public final class BackendTests {

  private static final String SOURCES = "/slipway/sources";
  private static final String WITH_ITS_IMPORTS =
      "PYTHONPATH=\"$0${PYTHONPATH:+:$PYTHONPATH}\" exec \"$@\"";
  // The cache is not switched off, or options such as --lf would be unknown.
  private static final List<String> PYTEST =
      List.of(
          "python",
          "-m",
          "pytest",
          "-q",
          "-o",
          "cache_dir=/tmp/slipway-pytest-cache",
          "--color=no");
  private static final int NONE_COLLECTED = 5;

  /** The last line of a run without any other outcome. */
  private static final Pattern ALL_SKIPPED =
      Pattern.compile("=*\\s*\\d+ skipped(?:, \\d+ (?:deselected|warnings?))* in [\\d.]+.*");

  private final Toolbox toolbox;
  private final TestRequirements requirements;
  private final String image;

  private BackendTests(Toolbox toolbox, TestRequirements requirements, String image) {
    this.toolbox = toolbox;
    this.requirements = requirements;
    this.image = image;
  }

  /**
   * Builds that image; empty when the backend does not say what its tests need.
   *
   * @param name what to call it
   * @param shipped the backend's own image
   * @param backend the backend's sources
   */
  public static Optional<BackendTests> of(
      PlatformUnderTest platform, String name, String shipped, Path backend) {
    List<Path> files = files(backend);
    Toolbox toolbox = new Toolbox(platform);
    return TestRequirements.of(files.stream().map(BackendTests::name).collect(Collectors.toSet()))
        .map(
            requirements ->
                new BackendTests(
                    toolbox,
                    requirements,
                    toolbox.image(
                        new Toolbox.Recipe(
                            name,
                            requirements.dockerfile(shipped, SOURCES),
                            files.stream()
                                .filter(file -> requirements.reads(name(file)))
                                .collect(Collectors.toMap(BackendTests::name, file -> file)),
                            "The backend's image cannot get "
                                + requirements.added(
                                    platform.platform().built(Role.BACKEND).orElseThrow().folder()),
                            "Mend what the installation names; the image has to have python, and pip or venv."))));
  }

  /**
   * Runs them with a new database, as {@code pytest} and the backend's folder would in the
   * repository, and with imports that only work in that folder.
   *
   * @param root the repository's sources, tests included
   * @param folder the backend's, relative to it
   * @param rig where PostgreSQL and Redis are
   * @param options for pytest
   */
  public CommandResult run(Path root, String folder, BackendRig rig, List<String> options) {
    PytestPlace place = PytestPlace.of(root, folder);
    List<String> command = new ArrayList<>();
    if (!place.folder().equals(folder)) {
      command.addAll(List.of("sh", "-c", WITH_ITS_IMPORTS, in(folder)));
    }
    command.addAll(PYTEST);
    command.addAll(options);
    command.addAll(place.arguments());
    return toolbox.run(
        ContainerRun.of(image, command)
            .with(rig.environmentOfItsOwn())
            .on(rig.networkId())
            .as("root")
            .copying(root, SOURCES)
            .in(in(place.folder())));
  }

  /**
   * Where a file of the repository lies while they run.
   *
   * @param path relative to the repository's root
   */
  public static String in(String path) {
    return Path.of(SOURCES).resolve(path).normalize().toString();
  }

  /** Whether a run found no test at all. */
  public static boolean foundNone(CommandResult run) {
    return run.exitStatus() == NONE_COLLECTED;
  }

  /** Whether a run skipped every test that it found. */
  static boolean skippedAll(CommandResult run) {
    return run.standardOutput().lines().anyMatch(line -> ALL_SKIPPED.matcher(line).matches());
  }

  /**
   * What they have on top of the image.
   *
   * @param folder the backend's
   */
  String added(String folder) {
    return requirements.added(folder);
  }

  /** Whether a backend has any, by the names that pytest goes by. */
  static boolean anyIn(Path backend) {
    try (Stream<Path> files = Files.walk(backend)) {
      return files.anyMatch(file -> name(file).matches("test_.*\\.py|.*_test\\.py"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> files(Path backend) {
    try (Stream<Path> files = Files.list(backend)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
