package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * One word wherever Slipway puts nothing that it was told: in processes, images, containers and
 * temporary files, so that a search of those has something to find.
 */
final class PlantedByHand implements AutoCloseable {

  /** The image that has the word in its configuration. */
  static final String IMAGE = "slipway.local/secrets:planted";

  private static final Duration SHORT = Duration.ofMinutes(2);

  private final Production production;
  private final String word;
  private final Path temporary;

  PlantedByHand(Production production, String word) throws IOException {
    this.production = production;
    this.word = word;
    this.temporary = Files.createTempFile("slipway-planted", "");
  }

  /** While somebody watches, and before there is a platform. */
  void before() {
    production.onServer("sh -c 'sleep 0.5; true' " + word);
    run(ShellCommand.of("sh", "-c", "sleep 0.5; true", word));
    String backend = Objects.requireNonNull(production.good().images().get("backend")).id();
    run(
        ShellCommand.of("docker", "build", "-q", "-t", IMAGE, "-")
            .reading(Secret.of("FROM " + backend + "\nLABEL note=" + word + "\n")));
    Folders.write(temporary, word);
    assertThat(production.manifest("GET", "backend", word).statusCode()).isEqualTo(404);
  }

  /**
   * Once the platform serves: a row, and two containers, of which one calls itself a platform's.
   */
  void served() {
    production.query("create table note as select '" + word + "' as text");
    for (String label : new String[] {"note=" + word, "com.docker.compose.project=note"}) {
      production.onServer(
          "docker run --rm --env NOTE=" + word + " --label " + label + " redis:7.0 sleep 1");
    }
  }

  private static void run(ShellCommand command) {
    CommandResult result = new LocalProcess().run(command, SHORT);
    assertThat(result.succeeded()).withFailMessage("%s", result.tail(5)).isTrue();
  }

  @Override
  public void close() throws IOException {
    Files.delete(temporary);
    production.rig().docker("image", "rm", "--no-prune", IMAGE);
  }
}
