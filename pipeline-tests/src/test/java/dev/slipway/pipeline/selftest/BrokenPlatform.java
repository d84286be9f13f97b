package dev.slipway.pipeline.selftest;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A repository of its own with two commits: the sample platform, and the same with a fault in it.
 * Equal content makes equal commits, so that what one run has built the next finds in the cache.
 */
final class BrokenPlatform {

  private static final String DATE = "2026-01-01T00:00:00Z";
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private final Path directory;

  private BrokenPlatform(Path directory) {
    this.directory = directory;
  }

  /** Called by the Maven profile {@code broken}: the checkout, the fault's name, the new folder. */
  public static void main(String[] arguments) {
    Path root = Path.of(arguments[0]);
    Fault fault = FaultFile.read(faults(root).resolve(arguments[1]));
    create(root, Optional.of(fault), Path.of(arguments[2]));
  }

  /** Where the faults lie. */
  static Path faults(Path root) {
    return root.resolve("fixtures/broken");
  }

  /** The platform that they are put into. */
  static Path sample(Path root) {
    return root.resolve("fixtures/platform");
  }

  /** Makes the repository anew; without a fault it has the first commit alone. */
  static void create(Path root, Optional<Fault> fault, Path directory) {
    create(root, List.of(), fault, directory);
  }

  /** Makes the repository anew, with edits in its first commit. */
  static void create(Path root, List<Edit> first, Optional<Fault> fault, Path directory) {
    Folders.delete(directory);
    BrokenPlatform platform = new BrokenPlatform(directory);
    platform.copySample(root);
    first.forEach(edit -> edit.apply(directory));
    platform.git("init", "--quiet");
    platform.commit("The platform as it should be");
    fault.ifPresent(platform::breakWith);
  }

  /** Makes the repository anew, with a third commit that puts the fault right. */
  static void createSound(Path root, Fault fault, Path directory) {
    create(root, Optional.of(fault), directory);
    BrokenPlatform platform = new BrokenPlatform(directory);
    fault.sound().forEach(edit -> edit.apply(directory));
    platform.commit("Not so: " + fault.title());
  }

  /** Makes the repository anew, with a second commit that is unusual and sound. */
  static void createUnusual(Path root, Path directory) {
    create(root, Optional.empty(), directory);
    BrokenPlatform platform = new BrokenPlatform(directory);
    Folders.copy(root.resolve("fixtures/unusual"), directory);
    platform.commit("Unusual names and lengths");
  }

  private void copySample(Path root) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    GitRepository repository = new GitRepository(new LocalProcess(), sample(root));
    String commit =
        repository.changes().isEmpty()
            ? repository.head()
            : repository.snapshot(directory.resolveSibling(directory.getFileName() + ".index"));
    repository.export(commit, directory);
  }

  private void breakWith(Fault fault) {
    Folders.copy(fault.folder(), directory);
    try {
      Files.delete(directory.resolve(Fault.FILE));
      for (String file : fault.delete()) {
        Files.delete(directory.resolve(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    fault.edits().forEach(edit -> edit.apply(directory));
    commit(fault.title());
  }

  private void commit(String message) {
    git("add", "--all", "--force");
    git(
        "-c",
        "user.name=slipway",
        "-c",
        "user.email=slipway@localhost",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--no-verify",
        "--message",
        message);
  }

  private void git(String... words) {
    CommandResult result =
        new LocalProcess()
            .run(
                ShellCommand.of("git")
                    .with(List.of(words))
                    .in(directory.toString())
                    .withVariable("GIT_AUTHOR_DATE", DATE)
                    .withVariable("GIT_COMMITTER_DATE", DATE),
                DEADLINE);
    if (!result.succeeded()) {
      throw new IllegalStateException(
          "git " + String.join(" ", words) + " failed in " + directory + ": " + result.tail(5));
    }
  }
}
