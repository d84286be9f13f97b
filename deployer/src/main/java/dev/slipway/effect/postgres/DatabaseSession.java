package dev.slipway.effect.postgres;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.catalog.Catalog;
import dev.slipway.effect.postgres.rows.NumberedColumns;
import dev.slipway.effect.postgres.rows.RowContents;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.effect.postgres.rows.RowMultiplier;
import dev.slipway.effect.postgres.rows.TriggerWrites;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A connection to a database, through which all of it can be seen. */
public final class DatabaseSession implements AutoCloseable {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final Connection connection;
  private final VersionTable versionTable;

  DatabaseSession(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
    this.versionTable = new VersionTable(connection);
  }

  /** Something that is asked of the database. */
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /** Which database this is. */
  public Database database() {
    return database;
  }

  /** The revisions that alembic's version table names; none when there is no such table. */
  public Set<String> versions() {
    return ask(open -> versionTable.read());
  }

  /** The name of alembic's version table. */
  public Optional<String> versionTable() {
    return ask(open -> versionTable.name());
  }

  /** Every object that a migration can make. */
  public Catalog catalog() {
    return ask(CatalogReader::all);
  }

  /** All of it, read without any help. */
  public Look look() {
    return new Look(versions(), catalog(), Optional.empty());
  }

  /**
   * A catalog that is kept up to date by looking at what changed only; it puts event triggers into
   * the database.
   */
  public CatalogWatch watch() {
    return ask(open -> new CatalogWatch(open, versionTable));
  }

  /** Work that a migration began and did not end. */
  public List<Unfinished> unfinished() {
    return ask(open -> Unfinished.read(open, Unfinished.QUERY));
  }

  /** The same, and advisory locks that somebody holds. */
  public List<Unfinished> leftOpen() {
    return ask(open -> Unfinished.read(open, Unfinished.ALL));
  }

  /** Advisory locks that somebody holds. */
  public List<Unfinished> advisoryLocks() {
    return ask(open -> Unfinished.read(open, Unfinished.ADVISORY_LOCKS));
  }

  /** Puts rows into every table. */
  public void fill(RowFiller filler) {
    ask(
        open -> {
          filler.fill(open);
          return true;
        });
  }

  /** Brings every table to the same number of rows. */
  public void multiply(RowMultiplier multiplier) {
    ask(
        open -> {
          multiplier.multiply(open);
          return true;
        });
  }

  /** The tables that are there, by their oid. */
  public Map<Long, StoredTable> tables() {
    return ask(StoredTable::all);
  }

  /** What stands in every table. */
  public RowContents rows() {
    return ask(RowContents::read);
  }

  /** Whether triggers of other tables write into a table. */
  public boolean triggersWriteInto(String table) {
    return ask(open -> TriggerWrites.into(open, table));
  }

  /** The columns that sequences fill and those that refer to them, as {@code table.column}. */
  public Set<String> numbered() {
    return ask(NumberedColumns::read);
  }

  /** Those of the rows that stood there then which nobody has written since. */
  public RowContents untouched(RowContents then) {
    return ask(then::untouched);
  }

  /**
   * Whether one of the rows that stood there then, and that nobody has written since, has a value.
   */
  public boolean had(RowContents then, String table, String column, String value) {
    return ask(open -> then.had(open, table, column, value));
  }

  /** The oids of its indexes. */
  public Set<Long> indexes() {
    return ask(CutOffIndex::all);
  }

  /**
   * Lets an index that is complete look as if its {@code CREATE INDEX CONCURRENTLY} had been cut
   * off.
   *
   * @param name as the catalog has it
   * @param known the indexes that are left alone
   * @return whether there is one by that name besides those
   */
  public boolean cutOffIndex(String name, Set<Long> known) {
    return ask(open -> CutOffIndex.make(open, name, known));
  }

  /** The roles of its server. */
  public Roles roles() {
    return ask(Roles::read);
  }

  /** Lets the server's roles be as they were then; those that came later keep what they own. */
  public void restore(Roles then) {
    ask(
        open -> {
          then.restore(open);
          return true;
        });
  }

  /** What waits, for how long and for whom, as one line a session. */
  public List<String> waiting() {
    return ask(open -> strings(open, Waiting.QUERY));
  }

  /** Begins to note every statement that would change the schema. */
  public void noteDdl() {
    ask(
        open -> {
          DdlNotes.begin(open);
          return true;
        });
  }

  /** What was noted since then. */
  public List<String> notedDdl() {
    return ask(DdlNotes::read);
  }

  /** The databases of its server that others than Slipway are connected to. */
  public Set<String> visited() {
    return ask(
        open ->
            Set.copyOf(
                strings(
                    open,
                    "select distinct datname from pg_stat_activity"
                        + " where datname is not null and backend_type = 'client backend' and application_name <> '"
                        + Database.APPLICATION
                        + "'")));
  }

  /** Whether somebody else's statement waits for a lock, and will go on doing so. */
  public boolean someoneWaits() {
    return ask(open -> !strings(open, Waiting.FOR_A_LOCK).isEmpty());
  }

  /** The first column of the first row of a query that has one. */
  String text(String query) {
    return ask(open -> strings(open, query).get(0));
  }

  /** Ends every session of the database but Slipway's own. */
  public void disconnectOthers() {
    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where datname = current_database() and application_name <> '"
            + Database.APPLICATION
            + "'");
  }

  /** Runs a statement. */
  public void execute(String sql) {
    ask(
        open -> {
          try (Statement statement = open.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  /** The first column of a query's rows. */
  static List<String> strings(Connection connection, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.ask(connection);
    } catch (SQLException e) {
      throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          ? lockedOut(e)
          : translated(database.name(), e);
    }
  }

  private SlipwayException lockedOut(SQLException waited) {
    List<String> culprits = new ArrayList<>();
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      unfinished().forEach(work -> culprits.add(work.sentence()));
    } catch (SQLException e) {
      waited.addSuppressed(e);
    }
    return new SlipwayException(
        ExitCode.REFUSED,
        "Slipway's own question about database "
            + database.name()
            + " was not let in within "
            + Database.PATIENCE.toSeconds()
            + " s, since a migration left a lock behind: "
            + (culprits.isEmpty() ? waited.getMessage() : String.join("\n", culprits)),
        "Let the revision that ran last, or env.py, end what it begins on every connection.",
        waited);
  }

  static SlipwayException translated(String database, SQLException e) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "PostgreSQL refused a question about database " + database + ": " + e.getMessage() + ".",
        "If the server ended, look at the log of its container.",
        e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw translated(database.name(), e);
    }
  }
}
