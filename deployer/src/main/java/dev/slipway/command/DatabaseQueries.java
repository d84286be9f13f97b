package dev.slipway.command;

/** What psql is asked of a platform's database. */
final class DatabaseQueries {

  /** Five lines: role, database, bytes, how many tables of its own, libraries to be loaded. */
  static final String DESCRIBE =
      """
      select current_user;
      select current_database();
      select pg_database_size(current_database());
      select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema';
      show shared_preload_libraries;
      """;

  /** Statements that make the cluster's other roles, without their rights. */
  static final String ROLES =
      """
      select format('create role %I;', rolname) from pg_roles
       where rolname !~ '^pg_' and rolname <> current_user order by 1;
      """;

  /**
   * Alembic's own table; where the project calls it otherwise, its only column is the version's.
   */
  private static final String VERSION_TABLE =
      """
      select c.oid::regclass as table_name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'version_num'
       where c.relkind = 'r' and (c.relname = 'alembic_version' or c.relnatts = 1)
       order by c.relname <> 'alembic_version', not pg_table_is_visible(c.oid), c.oid limit 1""";

  static final String SCHEMA_REVISION =
      "select format('select version_num from %s order by 1', table_name) from (@version_table) version \\gexec\n"
          .replace("@version_table", VERSION_TABLE);

  /**
   * One line for each object and for each table's number of rows. Only what a dump brings back as
   * it was is named: no expressions, which PostgreSQL may write otherwise after a restore, no
   * invalid indexes, which a dump leaves out, and nothing that belongs to an extension.
   */
  static final String FACTS =
      """
      select format('select ''fact revision '' || version_num from %s order by 1', table_name) from (@version_table) version \\gexec
      set search_path = pg_catalog;
      with own as (
        select c.*, n.nspname || '.' || c.relname as name, pg_get_userbyid(c.relowner) as owner
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
           and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      ), fact(line) as (
        select 'extension ' || extname from pg_extension
        union all
        select 'schema ' || nspname || ' of ' || pg_get_userbyid(nspowner) from pg_namespace n
         where nspname !~ '^pg_' and nspname <> 'information_schema'
           and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
        union all
        select 'relation ' || name || ' ' || relkind::text || relpersistence::text || ' of ' || owner
               || case when relrowsecurity then ' with row security' else '' end
          from own where relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
        union all
        select 'right ' || name || ' ' || acl::text
          from own, unnest(coalesce(relacl, acldefault('r', relowner))) acl where relkind in ('r', 'p', 'v', 'm', 'f')
        union all
        select 'column ' || name || '.' || attname || ' ' || format_type(atttypid, atttypmod)
               || case when attnotnull then ' not null' else '' end || case when atthasdef then ' default' else '' end
               || ' ' || attidentity::text || attgenerated::text
          from own join pg_attribute a on attrelid = own.oid
         where relkind in ('r', 'p', 'v', 'm', 'f', 'c') and attnum > 0 and not attisdropped
        union all
        select 'constraint ' || name || ' ' || conname || ' ' || contype::text || ' '
               || case when convalidated then 'valid' else 'not valid' end
               || case when condeferrable then ' deferrable' else '' end || case when condeferred then ' deferred' else '' end
               || ' ' || coalesce((select string_agg(a.attname, ',' order by k.n) from unnest(conkey) with ordinality k(attnum, n)
                                   join pg_attribute a on a.attrelid = conrelid and a.attnum = k.attnum), '')
               || case when confrelid <> 0 then ' to ' || confrelid::regclass || ' ' || confupdtype::text || confdeltype::text else '' end
          from own join pg_constraint on conrelid = own.oid where conparentid = 0
        union all
        select 'index ' || name || ' on ' || indrelid::regclass || ' ' || m.amname
               || case when indisunique then ' unique' else '' end || case when indisprimary then ' primary' else '' end
               || ' ' || coalesce((select string_agg(coalesce(a.attname, 'expression'), ',' order by k.n)
                                   from unnest(indkey::int2[]) with ordinality k(attnum, n)
                                   left join pg_attribute a on a.attrelid = indrelid and a.attnum = k.attnum and k.attnum <> 0), '')
          from own join pg_index on indexrelid = own.oid join pg_am m on m.oid = own.relam where indisvalid
        union all
        select 'trigger ' || name || ' ' || tgname || ' ' || tgtype || tgenabled::text || ' ' || tgfoid::regproc
          from own join pg_trigger on tgrelid = own.oid where not tgisinternal
        union all
        select 'rule ' || name || ' ' || rulename from own join pg_rewrite on ev_class = own.oid where rulename <> '_RETURN'
        union all
        select 'policy ' || name || ' ' || polname || ' ' || polcmd::text from own join pg_policy on polrelid = own.oid
        union all
        select 'function ' || n.nspname || '.' || proname || '(' || pg_get_function_identity_arguments(p.oid) || ') '
               || prokind::text || ' of ' || pg_get_userbyid(proowner) || ' ' || md5(prosrc)
          from pg_proc p join pg_namespace n on n.oid = pronamespace
         where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
           and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))
        union all
        select 'type ' || n.nspname || '.' || typname || ' ' || typtype::text || ' '
               || coalesce((select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid), '')
          from pg_type t join pg_namespace n on n.oid = typnamespace
         where typtype in ('e', 'd', 'r') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
           and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
        union all
        select 'large objects ' || count(*) from pg_largeobject_metadata
      )
      select 'fact ' || translate(line, E'\\n\\r\\t', '   ') from fact order by 1;
      select format('select %L || count(*) from only %I.%I', 'fact rows ' || translate(n.nspname || '.' || c.relname, E'\\n\\r\\t', '   ') || ' ', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
       order by 1 \\gexec
      """
          .replace("@version_table", VERSION_TABLE);

  /**
   * Holds a snapshot, notes what it holds on standard error, and dumps the same snapshot to
   * standard output.
   */
  static final String DUMP =
      """
      \\o |cat >&2
      begin isolation level repeatable read read only;
      select pg_export_snapshot() as snapshot \\gset
      \\setenv SLIPWAY_SNAPSHOT :snapshot
      """
          + FACTS
          + """
      \\o
      \\! pg_dump --format=custom --snapshot="$SLIPWAY_SNAPSHOT" --lock-wait-timeout=60000 && echo 'dump complete' >&2
      commit;
      """;

  /**
   * One line of JSON for each statement of the watched addresses; ends waits that last too long.
   */
  static final String LOOK =
      """
      with mine as (
        select a.pid, a.query, a.query_start, w.locktype, w.relation, w.waited, (pg_blocking_pids(a.pid))[1] as blocker
          from pg_stat_activity a
          left join lateral (
            select l.locktype, l.relation, extract(epoch from clock_timestamp() - (to_jsonb(l) ->> 'waitstart')::timestamptz) as waited
              from pg_locks l where l.pid = a.pid and not l.granted limit 1) w on true
         where a.datname = current_database() and a.state = 'active'
           and a.client_addr = any (string_to_array(:'addresses', ' ')::inet[])
      )
      select 'slipway-activity ' || json_build_object(
          'pid', pid, 'statement', left(query, 300), 'seconds', extract(epoch from clock_timestamp() - query_start)::int,
          'waited', waited::int, 'lock', coalesce(relation::regclass::text, locktype),
          'blocker', (select json_build_object('pid', b.pid, 'application', b.application_name, 'state', b.state,
                        'seconds', extract(epoch from clock_timestamp() - b.xact_start)::int, 'statement', left(b.query, 300))
                        from pg_stat_activity b where b.pid = blocker),
          'index', (select json_build_object('phase', p.phase, 'done', p.blocks_done, 'of', p.blocks_total)
                      from pg_stat_progress_create_index p where p.pid = mine.pid),
          'ended', case when locktype <> 'virtualxid' and waited >= :patience then pg_cancel_backend(pid) else false end)
        from mine;
      """;

  /** Ends the sessions of these addresses. */
  static final String END_SESSIONS =
      """
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and client_addr = any (string_to_array(:'addresses', ' ')::inet[]);
      """;

  /** Ends the sessions with this name. */
  static final String END_NAMED =
      """
      select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = :'name' and pid <> pg_backend_pid();
      """;

  /**
   * Takes the advisory lock of migrations and keeps it until its session is ended or the time is
   * over. The session is idle in between: one that waits or sleeps within a statement would hold a
   * snapshot, for which CREATE INDEX CONCURRENTLY waits.
   */
  static final String HOLD =
      """
      select pg_try_advisory_lock(:key) as held \\gset
      select clock_timestamp() + :seconds * interval '1 second' as until \\gset
      \\if :held
      select 1 / (clock_timestamp() < :'until'::timestamptz)::int \\watch 1
      \\endif
      """;

  /** Who holds the advisory lock of migrations: name of the session, then words for people. */
  static final String HOLDER =
      """
      select a.application_name || E'\\t' || format('pid %s (%s, user %s%s) since %s', a.pid, coalesce(nullif(a.application_name, ''), 'without a name'), a.usename,
                    coalesce(' from ' || host(a.client_addr), ''), to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and a.datname = current_database()
         and (l.classid::bigint << 32) + l.objid::bigint = :key limit 1;
      """;

  /** Drops a database with its sessions. */
  static final String DROP = "drop database if exists :\"database\" with (force);\n";

  static final String HAS = "select datname from pg_database where datname = :'database';\n";

  static final String NAMES = "select datname from pg_database order by 1;\n";

  /** Gives a database another name, in the place of the database that has that. */
  static final String RENAME =
      """
      drop database if exists :"to" with (force);
      select pg_terminate_backend(pid) from pg_stat_activity where datname = :'from';
      alter database :"from" rename to :"to";
      """;

  /** Makes the empty database {@code to} like {@code from}. */
  static final String CREATE_BESIDE =
      """
      drop database if exists :"to" with (force);
      select format('create database %I template template0 owner %I encoding %L lc_collate %L lc_ctype %L%s', :'to',
                    pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype,
                    case to_jsonb(d) ->> 'datlocprovider'
                      when 'i' then format(' locale_provider icu icu_locale %L', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
                      when 'b' then format(' locale_provider builtin builtin_locale %L', to_jsonb(d) ->> 'datlocale')
                      else '' end)
        from pg_database d where datname = :'from' \\gexec
      select format('alter %s set %I to %s',
                    case setrole when 0 then format('database %I', :'to') else format('role %I in database %I', pg_get_userbyid(setrole), :'to') end,
                    name, case when name in ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries')
                               then value else quote_literal(value) end)
        from pg_db_role_setting join pg_database d on d.oid = setdatabase, unnest(setconfig) entry,
             lateral (select split_part(entry, '=', 1), substr(entry, position('=' in entry) + 1)) part(name, value)
       where datname = :'from' \\gexec
      select format('revoke all on database %I from public', :'to') from pg_database where datname = :'from' and datacl is not null \\gexec
      select format('grant %s on database %I to %s%s', privilege_type, :'to',
                    case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
                    case when is_grantable then ' with grant option' else '' end)
        from pg_database, aclexplode(datacl) where datname = :'from' \\gexec
      """;

  /** Ends a database's sessions and changes names, all or nothing. */
  static final String EXCHANGE =
      """
      select pg_terminate_backend(pid) from pg_stat_activity where datname in (:'database', :'coming');
      begin;
      alter database :"database" rename to :"going";
      alter database :"coming" rename to :"database";
      commit;
      """;

  private DatabaseQueries() {}
}
