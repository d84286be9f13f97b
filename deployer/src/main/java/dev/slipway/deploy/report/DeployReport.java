package dev.slipway.deploy.report;

import dev.slipway.effect.git.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes what a deployment leaves: {@code deploy.env} for GitLab and {@code deploy.html} for
 * people.
 */
public final class DeployReport {

  /** A load generator's results are looked for under these names in the output folder. */
  private static final List<String> LOADS = List.of("load.csv", "load.json");

  private static final String VARIABLES = "deploy.env";
  private static final String PAGE = "deploy.html";

  private final Path folder;
  private final Optional<Path> load;

  /**
   * A report in a folder.
   *
   * @param load requests that were made meanwhile, when they are not in the folder
   */
  public DeployReport(Path folder, Optional<Path> load) {
    this.folder = folder;
    this.load = load;
  }

  /** Removes what another run left, which must not be taken for this one's. */
  public static void remove(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(VARIABLES));
      Files.deleteIfExists(folder.resolve(PAGE));
    } catch (IOException obstacle) {
      throw Workspace.unwritable(folder, obstacle);
    }
  }

  /** Writes both files, and returns what could not be read or written. */
  public List<String> write(DeployOutcome outcome, Timeline timeline) {
    List<String> troubles = new ArrayList<>();
    Optional<Load> measured = Optional.empty();
    try {
      measured = measured();
    } catch (IOException | IllegalArgumentException unreadable) {
      troubles.add("The load cannot be read: " + unreadable.getMessage());
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(VARIABLES), outcome.dotenv());
      Files.writeString(folder.resolve(PAGE), DeployPage.of(outcome, timeline, measured));
    } catch (IOException unwritten) {
      troubles.add("The report cannot be written: " + unwritten.getMessage());
    }
    return troubles;
  }

  private Optional<Load> measured() throws IOException {
    Optional<Path> file =
        load.or(() -> LOADS.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst());
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(Load.parse(Files.readString(file.get())));
  }
}
