package dev.slipway.effect.postgres;

/** Work that a migration began and did not end. */
final class Unfinished {

  static final String QUERY =
      """
      select 'the index ' || i.indexrelid::regclass || ' is INVALID: a CREATE INDEX CONCURRENTLY was cut short or met duplicates;'
          || ' drop it first (`op.drop_index(…, if_exists=True)`), repair the rows, and create it anew.'
        from pg_index i where not i.indisvalid and i.indrelid not in (select partrelid from pg_partitioned_table)
      union all
      select 'the constraint ' || o.conname || ' on ' || o.conrelid::regclass || ' is NOT VALID: rows from before may break it;'
          || ' add `op.execute(''ALTER TABLE ' || o.conrelid::regclass || ' VALIDATE CONSTRAINT ' || quote_ident(o.conname) || ''')` to this or a later revision.'
        from pg_constraint o where not o.convalidated
      union all
      select 'a session of ' || coalesce(nullif(application_name, ''), 'the migration') || ' is ' || state || ' and holds its locks since `'
          || left(query, 200) || '`; end every transaction that env.py or a revision begins.'
        from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'
      union all
      select 'the prepared transaction ' || gid || ' holds its locks; commit it or roll it back.'
        from pg_prepared_xacts where database = current_database()
      """;

  static final String ADVISORY_LOCKS =
      """
      select 'the advisory lock ' || classid || ', ' || objid || ' is still held, also by whatever uses that connection next;'
          || ' take it with pg_advisory_xact_lock(), which lets go by itself, or unlock it in the same revision.'
        from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())
      """;

  private Unfinished() {}
}
