package dev.slipway.pipeline;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.Ephemeral;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What containers wrote into a folder that they mount, as root or as users of their own: nobody
 * else could delete it.
 */
final class FilesOfContainers {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  /** The owner as the engine sees it, which may have users of its own. */
  private static final String GIVE_BACK =
      "owner=$(stat -c %u:%g /folder) && chown -hR \"$owner\" /folder && chmod -R u+rwX /folder";

  private final Shell shell;
  private final String image;

  /**
   * Nothing is done yet.
   *
   * @param image one with a shell, that the engine has
   */
  FilesOfContainers(Shell shell, String image) {
    this.shell = shell;
    this.image = image;
  }

  /** Gives all in a folder to the one who owns that. */
  void giveBack(Path folder) {
    if (!hasFilesOfOthers(folder)) {
      return;
    }
    ShellCommand command =
        ShellCommand.of("docker", "run", "--rm", "--user", "0", "--network", "none");
    for (var label : Ephemeral.labels().entrySet()) {
      command = command.with("--label", label.getKey() + "=" + label.getValue());
    }
    CommandResult result =
        shell.run(
            command.with(
                "--volume", folder + ":/folder", "--entrypoint", "sh", image, "-c", GIVE_BACK),
            DEADLINE);
    if (!result.succeeded()) {
      LOG.warn(
          "What containers wrote in {} stays theirs, and the next run cannot delete it: {}",
          folder,
          result.tail(3));
    }
  }

  private static boolean hasFilesOfOthers(Path folder) {
    try {
      Search search = new Search(owner(folder));
      Files.walkFileTree(folder, search);
      return search.found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UserPrincipal owner(Path path) throws IOException {
    return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static final class Search extends SimpleFileVisitor<Path> {

    private final UserPrincipal owner;
    private boolean found;

    private Search(UserPrincipal owner) {
      this.owner = owner;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      return visitFile(folder, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      found = !owner(path).equals(owner);
      return found ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException unreadable) {
      found = true;
      return FileVisitResult.TERMINATE;
    }
  }
}
