package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.rows.RowContents;
import dev.slipway.migrations.alembic.Alembic;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a revision is cut short with rows in the tables, so that it shows what is done to them
 * twice. Values that are not the same after each of two runs in which nothing goes wrong, the
 * second of them later and with other sequences, are no evidence; nor are numbers of a sequence,
 * which a statement uses up also where it does nothing.
 */
final class FilledTrial {

  private static final String USE_SEQUENCES =
      """
      do $$
        declare sequence regclass;
        begin
          for sequence in select oid::regclass from pg_class where relkind = 'S' loop
            begin
              perform nextval(sequence) from generate_series(1, 7);
            exception when others then null;
            end;
          end loop;
        end $$
      """;

  /** Times of whole seconds are to be others in the second run. */
  private static final String WAIT = "select pg_sleep(1.1)";

  private final Alembic alembic;
  private final Database template;
  private final Aftermath aftermath;
  private final RowContents rows;
  private final Set<String> changeable;

  private FilledTrial(
      Alembic alembic,
      Database template,
      Aftermath aftermath,
      RowContents rows,
      Set<String> changeable) {
    this.alembic = alembic;
    this.template = template;
    this.aftermath = aftermath;
    this.rows = rows;
    this.changeable = changeable;
  }

  /**
   * Prepares it.
   *
   * @param template one with rows, to which the revision is to be applied next
   * @return nothing where {@code alembic upgrade head} does not go well with these rows
   */
  static Optional<FilledTrial> of(Alembic alembic, Database template) {
    Database one = alembic.bed().copy(template);
    Database other = alembic.bed().copy(template);
    if (!goesWell(alembic, one)) {
      return Optional.empty();
    }
    try (DatabaseSession session = other.open()) {
      session.execute(USE_SEQUENCES);
      session.execute(WAIT);
    }
    if (!goesWell(alembic, other)) {
      return Optional.empty();
    }
    RowContents rows = rows(one);
    Set<String> changeable = unlike(rows, rows(other));
    try (DatabaseSession session = one.open()) {
      changeable.addAll(session.numbered());
    }
    return Optional.of(
        new FilledTrial(alembic, template, Aftermath.like(alembic, one), rows, changeable));
  }

  private static boolean goesWell(Alembic alembic, Database database) {
    return alembic.call(database, "upgrade", "head").succeeded();
  }

  private static RowContents rows(Database database) {
    try (DatabaseSession session = database.open()) {
      return session.rows();
    }
  }

  /** A new database, to which the revision is to be applied next. */
  Database database() {
    return alembic.bed().copy(template);
  }

  /** What is wrong with it after one more {@code alembic upgrade head}. */
  Optional<String> aftermath(Database database) {
    return aftermath.of(database).or(() -> otherValues(rows(database)));
  }

  private Optional<String> otherValues(RowContents found) {
    return unlike(rows, found).stream()
        .filter(column -> !changeable.contains(column))
        .findFirst()
        .map(
            column ->
                "`alembic upgrade head`, called again, ends well, but column "
                    + column
                    + " has other values than after one run.");
  }

  /** The columns of both whose values differ. */
  private static Set<String> unlike(RowContents one, RowContents other) {
    Set<String> unlike = new TreeSet<>();
    new TreeMap<>(one.tables())
        .forEach(
            (table, content) -> {
              Map<String, String> sums =
                  other.tables().containsKey(table)
                      ? other.tables().get(table).checksums()
                      : Map.of();
              content
                  .checksums()
                  .forEach(
                      (column, sum) -> {
                        if (!column.isEmpty() && !sum.equals(sums.getOrDefault(column, sum))) {
                          unlike.add(table + "." + column);
                        }
                      });
            });
    return unlike;
  }
}
