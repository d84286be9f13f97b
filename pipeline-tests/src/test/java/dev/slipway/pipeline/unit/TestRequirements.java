package dev.slipway.pipeline.unit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ways in which a backend says what its tests need, and how that gets beside what ships. */
enum TestRequirements {
  /** {@code requirements-dev.txt}. */
  DEVELOPMENT(
      "requirements.*\\.txt",
      "requirements-dev.txt",
      pip() + " && pip install --no-cache-dir -r requirements-dev.txt && " + pytest()),
  /** A project locked by Poetry; every group. */
  POETRY(
      "poetry\\.lock|pyproject\\.toml",
      "poetry.lock",
      exported("poetry poetry-plugin-export", "poetry export --all-groups --without-hashes")),
  /** A project locked by uv; every group and extra. */
  UV(
      "uv\\.lock|pyproject\\.toml",
      "uv.lock",
      exported(
          "uv",
          "uv export --frozen --all-groups --all-extras --no-hashes --no-emit-workspace --format requirements-txt")),
  /** Requirements of production alone. */
  PRODUCTION("requirements.*\\.txt", "requirements.txt", pip() + " && " + pytest());

  /** Where the files lie while an image is built. */
  static final String FOLDER = "/slipway/requirements";

  /** Needs pip 22.3, which Python 3.11 brings. */
  private static final String PIP_BESIDE =
      "/slipway/tool/bin/pip --python \"$(command -v python)\"";

  private final String files;
  private final String origin;
  private final String installation;

  TestRequirements(String files, String origin, String installation) {
    this.files = files;
    this.origin = origin;
    this.installation = installation;
  }

  /** The interpreter's own pip; one from beside it where it has none, as in a venv of uv's. */
  private static String pip() {
    return "{ python -m pip --version >/dev/null 2>&1 || python -m venv /slipway/tool; }"
        + " && pip() { if [ -d /slipway/tool ]; then "
        + PIP_BESIDE
        + " \"$@\"; else python -m pip \"$@\"; fi; }";
  }

  /** Where nothing brings it, its newest version. */
  private static String pytest() {
    return "{ python -c 'import pytest' 2>/dev/null || pip install --no-cache-dir pytest; }";
  }

  /** The tool lives apart from the backend's packages, of which it may need others. */
  private static String exported(String tool, String export) {
    return "python -m venv /slipway/tool && /slipway/tool/bin/pip install --no-cache-dir "
        + tool
        + " && /slipway/tool/bin/"
        + export
        + " -o tests.txt"
        + " && "
        + PIP_BESIDE
        + " install --no-cache-dir -r tests.txt pytest";
  }

  /** The first way that a backend with files of these names uses. */
  static Optional<TestRequirements> of(Set<String> names) {
    for (TestRequirements way : values()) {
      boolean used =
          switch (way) {
            case DEVELOPMENT -> names.contains(way.origin);
            case POETRY, UV -> names.contains(way.origin) && names.contains("pyproject.toml");
            case PRODUCTION -> names.stream().anyMatch(way::reads);
          };
      if (used) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /**
   * What is said of a backend that uses none of the ways.
   *
   * @param sources the platform's
   * @param folder the backend's, relative to them
   */
  static String missing(Path sources, String folder) {
    String advice = "; write what pytest needs into " + in(folder, DEVELOPMENT.origin) + ".";
    for (Path at = Path.of(folder).normalize(); at != null && !at.toString().isEmpty(); ) {
      at = at.getParent();
      Path above = at == null ? Path.of("") : at;
      for (TestRequirements way : List.of(POETRY, UV)) {
        if (Files.exists(sources.resolve(above).resolve(way.origin))) {
          return "%s lies above %s, and only files beside the backend's Dockerfile are installed from: requirements*.txt, or poetry.lock or uv.lock with pyproject.toml"
                  .formatted(above.resolve(way.origin), folder)
              + advice;
        }
      }
    }
    return "Neither requirements*.txt, nor poetry.lock or uv.lock with pyproject.toml in "
        + folder
        + advice;
  }

  /** Whether the installation reads a file of this name. */
  boolean reads(String name) {
    return name.matches(files);
  }

  /**
   * What is on top of the image.
   *
   * @param folder the backend's
   */
  String added(String folder) {
    return this == PRODUCTION
        ? "pytest alone on top; write what else they need into " + in(folder, DEVELOPMENT.origin)
        : in(folder, origin) + " on top";
  }

  private static String in(String folder, String file) {
    return Path.of(folder).resolve(file).normalize().toString();
  }

  /** An image with all that on top of another, for tests that lie in a folder. */
  String dockerfile(String image, String folder) {
    return "FROM "
        + image
        + "\nUSER root\nWORKDIR "
        + FOLDER
        + "\nCOPY . ./\nRUN "
        + installation
        + "\nWORKDIR "
        + folder
        + "\n";
  }
}
