package dev.slipway.pipeline.migrations;

import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.Migrator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The revisions as alembic itself reads them.
 *
 * @param heads the revisions that nothing stands on
 * @param revisions all of them, each after those it stands on
 */
record History(List<String> heads, List<Revision> revisions) {

  History {
    heads = List.copyOf(heads);
    revisions = List.copyOf(revisions);
  }

  /** Asks the alembic of the backend's image. */
  static History read(Migrator migrator, List<String> alembicCommand) {
    CommandResult result = migrator.run(python(alembicCommand, script()));
    if (!result.succeeded()) {
      throw new AssertionError(
          "alembic cannot read its revisions:\n"
              + result.tail(15)
              + "\nRun `alembic history` in the backend's image to see the same; if alembic is not found, say in slipway.yml"
              + " how it is called (`migrations.command`) and where (`migrations.directory`).");
    }
    List<String> lines = result.standardOutput().lines().toList();
    return Json.read(lines.get(lines.size() - 1), History.class);
  }

  /** The Python call that shares the interpreter and the options of an alembic call. */
  static List<String> python(List<String> alembicCommand, String script) {
    int alembic = 0;
    while (alembic < alembicCommand.size()
        && !name(alembicCommand.get(alembic)).equals("alembic")) {
      alembic++;
    }
    if (alembic == alembicCommand.size()) {
      return List.of("python3", "-c", script);
    }
    List<String> python = new ArrayList<>(alembicCommand.subList(0, alembic));
    if (!python.isEmpty() && python.get(python.size() - 1).equals("-m")) {
      python.remove(python.size() - 1);
    } else {
      python.add(alembicCommand.get(alembic).replaceFirst("alembic$", "python3"));
    }
    python.addAll(List.of("-c", script));
    python.addAll(alembicCommand.subList(alembic + 1, alembicCommand.size()));
    return python;
  }

  private static String name(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }

  private static String script() {
    try (InputStream stream =
        Objects.requireNonNull(History.class.getResourceAsStream("history.py"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Revision revision(String id) {
    return revisions.stream()
        .filter(revision -> revision.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no revision " + id));
  }

  /** Whether a branch of it may be applied while another is not. */
  boolean branched() {
    return revisions.stream().anyMatch(revision -> revision.branches() > 1);
  }

  /** What to call {@code alembic downgrade} with, to undo this revision alone. */
  String below(Revision revision) {
    if (revision.parents().size() > 1) {
      return revision.parents().get(0);
    }
    return branched() ? revision.id() + "@-1" : "-1";
  }
}
