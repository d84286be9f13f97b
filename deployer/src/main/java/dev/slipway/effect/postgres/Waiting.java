package dev.slipway.effect.postgres;

/** Statements that are at work in a database, and what each waits for. */
final class Waiting {

  static final String QUERY =
      """
      select 'for ' || round(extract(epoch from clock_timestamp() - a.query_start)) || ' s `' || left(a.query, 300) || '`'
          || coalesce(' waits for a ' || l.mode || ' on ' || coalesce(l.relation::regclass::text, l.locktype), '')
          || coalesce(', held by a session whose last statement is `'
            || (select string_agg(left(b.query, 200), '`, `') from pg_stat_activity b where b.pid = any(pg_blocking_pids(a.pid))) || '`', '')
        from pg_stat_activity a left join pg_locks l on l.pid = a.pid and not l.granted
        where a.datname = current_database() and a.application_name <> '@slipway' and a.state = 'active'
      """
          .replace("@slipway", Database.APPLICATION);

  /** For longer than PostgreSQL takes to look whether that is a deadlock, which it does once. */
  static final String FOR_A_LOCK =
      """
      select pid::text from pg_stat_activity
        where datname = current_database() and application_name <> '@slipway' and state = 'active' and wait_event_type = 'Lock'
          and clock_timestamp() - query_start > current_setting('deadlock_timeout')::interval + '200 milliseconds'
      """
          .replace("@slipway", Database.APPLICATION);

  private Waiting() {}
}
