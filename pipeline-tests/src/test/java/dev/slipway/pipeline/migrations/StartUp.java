package dev.slipway.pipeline.migrations;

import dev.slipway.catalog.Catalog;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.pipeline.PlatformUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the application does to a database's schema when it starts, which should be nothing. */
final class StartUp {

  private static final String ADVICE =
      "Migrations run before the deployment, once, never at application start: take `alembic upgrade` and `create_all()` out of"
          + " the entry point, the start-up code and the compose file's command.";

  private StartUp() {}

  /**
   * What its start shows.
   *
   * @param finding what it does and should not; empty: it sent no statement that could change
   *     anything
   * @param notProved why it may still do so
   */
  record Outcome(Optional<String> finding, Optional<String> notProved) {}

  /**
   * What it does when it starts.
   *
   * @param what the database, such as {@code an empty database}
   */
  static Outcome on(PlatformUnderTest platform, DatabaseSession session, String what) {
    Catalog before = session.catalog();
    Set<String> versions = session.versions();
    Optional<String> versionTable = session.versionTable();
    session.noteDdl();
    Optional<String> notProved;
    try (StartedBackend backend = new StartedBackend(platform, session.database().name())) {
      notProved =
          backend.awaitAnswerOrEnd()
              ? Optional.empty()
              : Optional.of(
                  "the backend, started on "
                      + what
                      + ", neither answers nor ends within "
                      + platform.startPatience().toSeconds()
                      + " s; give it longer with `health: {budget: …}` in slipway.yml. Its last words:\n"
                      + backend.lastWords());
    }
    List<String> sent = session.notedDdl();
    List<String> made = new ArrayList<>();
    session.catalog().without(before).forEach(object -> made.add(object.label()));
    session
        .versionTable()
        .filter(table -> versionTable.isEmpty())
        .ifPresent(table -> made.add("table " + table));
    if (sent.isEmpty() && session.versions().equals(versions)) {
      return new Outcome(Optional.empty(), notProved);
    }
    String did =
        made.isEmpty()
            ? session.versions().equals(versions)
                ? "sent it " + sent.size() + " statements that are for migrations only"
                : "moved it from " + versions + " to " + session.versions()
            : "made " + String.join(", ", made);
    String finding =
        "Starting the backend on "
            + what
            + " "
            + did
            + ". "
            + ADVICE
            + " It sent:\n"
            + String.join("\n", sent.stream().limit(10).toList());
    return new Outcome(Optional.of(finding), Optional.empty());
  }
}
