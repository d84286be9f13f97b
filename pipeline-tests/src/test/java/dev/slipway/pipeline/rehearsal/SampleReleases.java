package dev.slipway.pipeline.rehearsal;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import dev.slipway.release.BuiltImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Commits of the sample platform in a repository of its own: a good one, and others that change a
 * few files of its backend. Their images are the good one's with these files laid over it.
 */
final class SampleReleases {

  /** The revision of the migration that {@link #migration} adds. */
  static final String ADDED_REVISION = "added";

  private static final Duration SHORT = Duration.ofMinutes(2);

  private final PlatformUnderTest platform;
  private final Path repository;
  private final Path scratch;
  private final String head;

  /** Over a repository that {@link #createRepository} made. */
  SampleReleases(PlatformUnderTest platform, Path scratch) {
    this.platform = platform;
    this.repository = platform.workspace().platform();
    this.scratch = scratch;
    this.head = platform.images().migrationHead(Map.of()).orElseThrow();
  }

  /** A commit and its image of the backend. */
  record Release(String commit, Map<String, BuiltImage> images, Optional<String> schemaHead) {}

  /** Makes the sample platform the root of a new repository with one commit. */
  static void createRepository(Path sample, Path target) {
    GitRepository source = new GitRepository(new LocalProcess(), sample);
    source.export(
        source.changes().isEmpty()
            ? source.head()
            : source.snapshot(target.resolveSibling("index")),
        target);
    git(target, "init", "--quiet", "--initial-branch=main");
    commit(target, "The sample platform");
  }

  /** The migration head of the sample platform. */
  String head() {
    return head;
  }

  /** The sample platform as it is. */
  Release good() {
    return new Release(platform.commit(), platform.images().all(), Optional.of(head));
  }

  /** The sample platform with some files replaced or added, and Python packages installed. */
  Release with(String title, Map<String, String> files, String... packages) {
    git(repository, "checkout", "--quiet", "--detach", platform.commit());
    files.forEach((file, text) -> Folders.write(repository.resolve(file), text));
    String commit = commit(repository, title);
    Map<String, BuiltImage> images = new HashMap<>(platform.images().all());
    images.put(
        platform.platform().backend().name(), new BuiltImage(backend(commit, packages), commit));
    boolean migrates = files.keySet().stream().anyMatch(file -> file.contains("/versions/"));
    return new Release(commit, images, Optional.of(migrates ? ADDED_REVISION : head));
  }

  private String backend(String commit, String... packages) {
    Path sources = scratch.resolve("image-" + commit.substring(0, 12));
    Folders.delete(sources);
    Folders.create(sources);
    platform.repository().export(commit, sources);
    Path context = sources.resolve("backend");
    Path recipe = context.resolve("Dockerfile.release");
    String base = platform.images().name(Role.BACKEND);
    String install =
        packages.length == 0
            ? ""
            : "USER root\nRUN pip install --no-cache-dir "
                + String.join(" ", packages)
                + "\nUSER 10001\n";
    Folders.write(
        recipe,
        "FROM "
            + base
            + "\n"
            + install
            + "COPY migrations migrations\nCOPY app app\nENV APP_VERSION="
            + commit);
    return platform
        .images()
        .builder()
        .build(
            new ImageBuild(
                context,
                Optional.of(recipe),
                "slipway.local/sample/backend:" + commit.substring(0, 12),
                Map.of("org.opencontainers.image.revision", commit),
                Map.of()),
            line -> {});
  }

  /** A file of the sample platform with a piece of its text replaced. */
  Map<String, String> changed(String file, String piece, String replacement) {
    String text = platform.repository().show(platform.commit(), file).orElseThrow();
    if (!text.contains(piece)) {
      throw new IllegalStateException(file + " has no longer `" + piece + "` in it");
    }
    return Map.of(file, text.replace(piece, replacement));
  }

  /** A new migration whose upgrade consists of these lines of Python. */
  Map<String, String> migration(String... upgrade) {
    return Map.of(
        "backend/migrations/versions/added.py",
        """
        \"""Add a table.\"""

        from alembic import op

        revision = "%s"
        down_revision = "%s"
        branch_labels = None
        depends_on = None


        def upgrade() -> None:
            op.execute("CREATE TABLE added (id integer PRIMARY KEY)")
            %s


        def downgrade() -> None:
            op.execute("DROP TABLE added")
        """
            .formatted(ADDED_REVISION, head, String.join("\n    ", upgrade)));
  }

  /** A {@code slipway.yml} that gives a new version this many seconds to be well. */
  static Map<String, String> budget(int seconds) {
    return Map.of("slipway.yml", "health:\n  budget: " + seconds + "s\n");
  }

  /** An application that ends while it starts, and tells a secret in its last line. */
  static Map<String, String> crash() {
    return Map.of(
        "backend/app/main.py",
        """
        import os

        raise RuntimeError("the settings name no price list, but " + os.environ["DATABASE_URL"])
        """);
  }

  /** All of these files. */
  @SafeVarargs
  static Map<String, String> all(Map<String, String>... parts) {
    Map<String, String> files = new HashMap<>();
    for (Map<String, String> part : parts) {
      files.putAll(part);
    }
    return files;
  }

  /** Commits everything, at a fixed time, so that the same files make the same images again. */
  private static String commit(Path directory, String title) {
    git(directory, "add", "--all");
    git(directory, "commit", "--quiet", "--message", title);
    return new GitRepository(new LocalProcess(), directory).head();
  }

  private static void git(Path directory, String... words) {
    ShellCommand command =
        ShellCommand.of("git", "-c", "user.name=sample", "-c", "user.email=sample@localhost")
            .with(words)
            .in(directory.toString())
            .withVariable("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
            .withVariable("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
    CommandResult result = new LocalProcess().run(command, SHORT);
    if (!result.succeeded()) {
      throw SlipwayException.refused(command + " failed: " + result.tail(5), "Run it by hand.");
    }
  }
}
