package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Work that a migration began and did not end.
 *
 * @param kind what it is
 * @param sentence what is wrong with it, and what to do
 */
public record Unfinished(Kind kind, String sentence) {

  /** What may be left open. */
  public enum Kind {
    INVALID_INDEX,
    CONSTRAINT_NOT_VALID,
    IDLE_TRANSACTION,
    PREPARED_TRANSACTION,
    ADVISORY_LOCK
  }

  static final String QUERY =
      """
      select 'INVALID_INDEX', 'the index ' || i.indexrelid::regclass || ' is INVALID: a CREATE INDEX CONCURRENTLY was cut short or met duplicates;'
          || ' drop it first (`op.drop_index(…, if_exists=True)`), repair the rows, and create it anew.'
        from pg_index i where not i.indisvalid and i.indrelid not in (select partrelid from pg_partitioned_table)
      union all
      select 'CONSTRAINT_NOT_VALID', 'the constraint ' || o.conname || ' on ' || owner.name || ' is NOT VALID: rows from before may break it;'
          || ' add `op.execute(''ALTER ' || owner.kind || ' ' || owner.name || ' VALIDATE CONSTRAINT ' || quote_ident(o.conname) || ''')` to this or a later revision.'
        from pg_constraint o, lateral (select case when o.conrelid = 0 then 'DOMAIN' else 'TABLE' end as kind,
          case when o.conrelid = 0 then o.contypid::regtype::text else o.conrelid::regclass::text end as name) owner
        where not o.convalidated
      union all
      select 'IDLE_TRANSACTION', 'a session of ' || coalesce(nullif(application_name, ''), 'the migration') || ' is ' || state || ' and holds its locks since `'
          || left(query, 200) || '`; end every transaction that env.py or a revision begins.'
        from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()
      union all
      select 'PREPARED_TRANSACTION', 'the prepared transaction ' || gid || ' holds its locks; commit it or roll it back.'
        from pg_prepared_xacts where database = current_database()
      """;

  static final String ADVISORY_LOCKS =
      """
      select 'ADVISORY_LOCK', 'the advisory lock ' || classid || ', ' || objid || ' is still held, also by whatever uses that connection next;'
          || ' take it with pg_advisory_xact_lock(), which lets go by itself, or unlock it in the same revision.'
        from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())
      """;

  static final String ALL = QUERY + "union all\n" + ADVISORY_LOCKS;

  /** What one of the queries finds; the driver keeps its plan for the next time. */
  static List<Unfinished> read(Connection connection, String query) throws SQLException {
    List<Unfinished> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(new Unfinished(Kind.valueOf(rows.getString(1)), rows.getString(2)));
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return sentence;
  }
}
