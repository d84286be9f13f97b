package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.ledger.History;
import dev.slipway.platform.Platform;
import dev.slipway.release.ReleasedImage;
import java.time.Duration;
import java.util.Optional;

/**
 * Refuses to plan a second platform, with an empty database, where this one runs as a compose
 * project of another name.
 */
final class FormerName {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Shell shell;
  private final HostCommands commands;
  private final Platform platform;
  private final String folder;

  /**
   * @param folder where compose is run on the server
   */
  FormerName(Shell shell, HostCommands commands, Platform platform, String folder) {
    this.shell = shell;
    this.commands = commands;
    this.platform = platform;
    this.folder = folder;
  }

  /**
   * To be called where the project has no container.
   *
   * @throws SlipwayException when another project's backend was started from the same folder, or
   *     runs what serves here by the ledger and was started from a folder that is no more
   */
  void refuse(History history) {
    String backend = platform.backend().name();
    Optional<String> serving =
        history.current().map(release -> release.images().get(backend)).map(ReleasedImage::tagged);
    shell
        .run(commands.namesakes(backend, folder), DEADLINE)
        .standardOutput()
        .lines()
        .map(line -> line.split("\\|", 3))
        .filter(words -> words.length == 3 && !words[0].isEmpty())
        .filter(words -> !words[0].equals(platform.name()))
        .filter(words -> words[1].equals(folder) || serving.equals(Optional.of(words[2])))
        .findFirst()
        .ifPresent(words -> refuse(words[0], words[1]));
  }

  private void refuse(String project, String from) {
    throw SlipwayException.refused(
        "The compose project "
            + platform.name()
            + " has no container, and this platform runs as "
            + project
            + ", started from "
            + from
            + ": another one would begin beside it, with an empty database.",
        "Write `name: "
            + project
            + "` into slipway.yml and commit it; what that project has is removed by `docker compose -p "
            + project
            + " down` if nobody needs it.");
  }
}
