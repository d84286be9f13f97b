package dev.slipway.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the schema is moved, within the backend's image.
 *
 * @param directory where {@code alembic.ini} lies; empty: the image's working directory
 * @param command alembic as argument list, without its subcommand
 * @param knownDrift differences between models and migrations that are accepted
 * @param sizes how many rows tables have in production, by the table's name
 * @param longestBlock how long a migration may keep readers or writers of these tables waiting
 * @param patience how it behaves towards the users of a live database
 */
public record Migrations(
    Optional<String> directory,
    List<String> command,
    List<String> knownDrift,
    Map<String, Long> sizes,
    Duration longestBlock,
    LockPatience patience) {

  /** The conventions. */
  public static final Migrations DEFAULT =
      new Migrations(
          Optional.empty(),
          List.of("alembic"),
          List.of(),
          Map.of(),
          Duration.ofSeconds(1),
          LockPatience.DEFAULT);

  /** Validates and copies. */
  public Migrations {
    if (command.isEmpty() || command.get(0).isBlank()) {
      throw new IllegalArgumentException("the migration command needs a program");
    }
    command = List.copyOf(command);
    knownDrift = List.copyOf(knownDrift);
    sizes = Map.copyOf(sizes);
  }

  /** The whole command with a subcommand, such as {@code upgrade head}. */
  public List<String> with(String... words) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    return all;
  }
}
