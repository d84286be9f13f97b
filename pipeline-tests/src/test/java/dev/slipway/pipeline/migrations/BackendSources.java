package dev.slipway.pipeline.migrations;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A backend's sources, for tests that should meet a schema which is not theirs. */
final class BackendSources {

  private static final String TEST = "test_.*\\.py|.*_test\\.py";

  private BackendSources() {}

  /**
   * A copy of older sources, with the revisions of the platform's commit instead of their own.
   *
   * @param older the release that they are of
   * @param revisions all that there are in the platform's commit
   */
  static Path withRevisionsOfToday(
      PlatformUnderTest platform, PreviousRelease older, List<Revision> revisions) {
    Path copy = platform.scratch("previous-release-with-new-revisions");
    Folders.copy(older.sources(), copy);
    Path backend = copy.resolve(older.folder()).normalize();
    String folder = platform.platform().built(Role.BACKEND).orElseThrow().folder();
    Path today = platform.sources().resolve(folder).normalize();
    for (Path revisionFolder : folders(platform, revisions)) {
      if (revisionFolder.startsWith(today)) {
        Path target = backend.resolve(today.relativize(revisionFolder).toString());
        Folders.delete(target);
        Folders.copy(revisionFolder, target);
      }
    }
    return copy;
  }

  private static Set<Path> folders(PlatformUnderTest platform, List<Revision> revisions) {
    List<String> files = platform.repository().files(platform.commit());
    return revisions.stream()
        .map(revision -> platform.sources().resolve(revision.in(files)).normalize())
        .filter(Files::exists)
        .map(Path::getParent)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Its test files that speak of alembic: they compare revisions, which is no use of a schema. */
  static List<String> testsOfMigrations(Path backend) {
    try (Stream<Path> files = Files.walk(backend)) {
      return files
          .filter(file -> file.getFileName().toString().matches(TEST))
          .map(file -> backend.relativize(file).toString())
          .filter(file -> speaksOfAlembic(file, backend))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean speaksOfAlembic(String file, Path backend) {
    try {
      String text = Files.readString(backend.resolve(file), StandardCharsets.ISO_8859_1);
      return (file + text).toLowerCase(Locale.ROOT).contains("alembic");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
