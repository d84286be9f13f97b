package dev.slipway.deploy.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.ledger.Footprint;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at a project's containers, for the status and for the footprints that a run leaves. */
public final class Sightings {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String LABELS = "/Config/Labels/com.docker.compose.";

  private final Shell shell;
  private final HostCommands commands;
  private final String project;

  /** A look at the containers of a compose project, through a shell on its server. */
  public Sightings(Shell shell, HostCommands commands, String project) {
    this.shell = shell;
    this.commands = commands;
    this.project = project;
  }

  /** A service's container, and the engine's id of it. */
  public record Found(String id, Sighting sighting) {}

  /** The containers as they are, by service. */
  public Map<String, Found> look() {
    Map<String, Found> found = new TreeMap<>();
    for (JsonNode node : Json.tree(require(commands.containers(project)))) {
      found.merge(
          node.at(LABELS + "service").asText(),
          new Found(node.path("Id").asText(), sighting(node)),
          Sightings::newer);
    }
    return found;
  }

  /**
   * What is there now; nothing when it cannot be seen, since a run's record must not fail of it.
   */
  public Map<String, Footprint> left() {
    Map<String, Footprint> left = new TreeMap<>();
    try {
      look().forEach((service, found) -> left.put(service, found.sighting().footprint()));
      return left;
    } catch (SlipwayException | IllegalArgumentException unseen) {
      return Map.of();
    }
  }

  /** While a container is being replaced, its service has two. */
  private static Found newer(Found one, Found other) {
    Instant started = one.sighting().startedAt().orElse(Instant.EPOCH);
    return other.sighting().startedAt().orElse(Instant.EPOCH).isAfter(started) ? other : one;
  }

  private static Sighting sighting(JsonNode node) {
    JsonNode health = node.at("/State/Health/Status");
    return new Sighting(
        node.at("/Config/Image").asText(),
        node.path("Image").asText(),
        node.at(LABELS + "config-hash").asText(),
        node.at("/State/Status").asText(),
        health.isTextual() ? Optional.of(health.asText()) : Optional.empty(),
        instant(node.at("/State/StartedAt").asText()),
        node.path("RestartCount").asInt());
  }

  /** The engine says the year 1 for never. */
  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text)).filter(at -> at.isAfter(Instant.EPOCH));
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  private String require(ShellCommand command) {
    CommandResult result = shell.run(command, DEADLINE);
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          "The server's containers cannot be seen: " + command + " said: " + result.tail(3) + ".",
          "Run it by hand on the server; `slipway doctor` checks the rest.");
    }
    return result.standardOutput();
  }
}
