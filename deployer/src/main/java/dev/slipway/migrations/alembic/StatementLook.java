package dev.slipway.migrations.alembic;

import dev.slipway.effect.postgres.OwnSchema;
import java.util.List;
import java.util.Map;

/**
 * What the connection of a statement sees right after it, within its transaction.
 *
 * @param statement its number, from 1; 0: none, this is before the first
 * @param start when the statement began, in milliseconds since the step did, without the time for
 *     which a busy machine had no processor for the step
 * @param end when it ended, likewise
 * @param asked when PostgreSQL was asked, in milliseconds of its own clock
 * @param answered when it knew the answer
 * @param lockTimeout how long it waits for a lock at most, in milliseconds; 0: for ever
 * @param commits whether all locks end with the statement, which is committed by itself
 * @param tables what it sees of each table, by oid
 */
public record StatementLook(
    int statement,
    double start,
    double end,
    double asked,
    double answered,
    long lockTimeout,
    boolean commits,
    Map<Long, SeenTable> tables) {

  /**
   * What a superuser must have done in a database before somebody is looked at there: how long a
   * session waited for a processor so far, in milliseconds, is something that Linux tells of it. 0
   * where nobody tells.
   *
   * @see <a href="https://docs.kernel.org/scheduler/sched-stats.html">/proc/PID/schedstat</a>
   */
  public static final String PREPARATION =
      """
      @create_own
      create function @own.without_processor() returns numeric language plpgsql volatile security definer
          set search_path = pg_catalog as $$
        begin
          return coalesce(split_part(pg_read_file('/proc/self/schedstat', 0, 100, true), ' ', 2)::numeric, 0) / 1e6;
        exception when others then
          return 0;
        end $$;
      """
          .replace("@create_own", OwnSchema.CREATION)
          .replace("@own", OwnSchema.NAME);

  /**
   * What a walker is to ask for it. The file tells that a table was written anew; until then it has
   * the table's own number, and is no news.
   */
  static final String QUESTION =
      """
      select json_build_object(
        'pid', pg_backend_pid(),
        'others', exists (select from pg_locks where pid in (@sessions) and pid <> pg_backend_pid() and relation >= 16384 and granted
          and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')),
        'idleBefore', @own.without_processor(),
        'asked', extract(epoch from statement_timestamp()) * 1000,
        'lockTimeout', (select setting::bigint from pg_settings where name = 'lock_timeout'),
        'tables', coalesce((select json_object_agg(oid, json_build_object(
            'modes', coalesce(modes, '[]'), 'file', file, 'changed', changed, 'scans', scans, 'worked', worked, 'rows', rows))
          from (select c.oid, c.file, c.rows, l.modes,
              pg_stat_get_xact_tuples_updated(c.oid) + pg_stat_get_xact_tuples_deleted(c.oid) as changed,
              pg_stat_get_xact_numscans(c.oid) as scans,
              pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid) + pg_stat_get_xact_tuples_inserted(c.oid)
                + pg_stat_get_xact_tuples_updated(c.oid) + pg_stat_get_xact_tuples_deleted(c.oid) as worked
            from (select oid, coalesce(pg_relation_filenode(oid), 0) as file, reltuples::bigint as rows
              from pg_class where relkind in ('r', 'p', 'm') and oid >= 16384) c
            left join (select relation, json_agg(mode) as modes from pg_locks
              where pid in (pg_backend_pid(), @sessions) and granted and locktype = 'relation' group by relation) l on l.relation = c.oid) seen
          where modes is not null or worked > 0 or file not in (0, oid::bigint)), '{}'),
        'answered', extract(epoch from clock_timestamp()) * 1000,
        'idleAfter', @own.without_processor())::text
      """
          .replace("@own", OwnSchema.NAME);

  /** Copies. */
  public StatementLook {
    tables = Map.copyOf(tables);
  }

  /**
   * A table as the transaction sees it.
   *
   * @param modes how it has locked it, as pg_locks names that
   * @param file what holds its rows; 0: nothing
   * @param changed how many of its rows were updated or deleted, counted from some earlier moment
   * @param scans how often it was read from its beginning, counted likewise
   * @param worked how many of its rows were read or written in all, counted likewise
   */
  public record SeenTable(List<String> modes, long file, long changed, long scans, long worked) {

    /** Copies. */
    public SeenTable {
      modes = List.copyOf(modes);
    }
  }
}
