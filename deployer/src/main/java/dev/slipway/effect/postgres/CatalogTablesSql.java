package dev.slipway.effect.postgres;

/**
 * What a {@link CatalogQuery} asks of tables, views, sequences and composite types, with all that
 * belongs to them.
 */
final class CatalogTablesSql {

  /** The relations that are asked for, with alembic's version table left out. */
  static final String RELATIONS =
      """
      , relation as materialized (
        select c.*, c.oid::regclass::text as name from pg_class c
        where c.relnamespace in (select oid from own_schema) and @(c.oid)
          and not (c.relnatts = 1 and c.relkind = 'r'
            and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version_num'))
          and not exists (select from pg_depend x where x.classid = 1259 and x.objid = c.oid and x.deptype = 'e'))
      """;

  /**
   * What few columns have; some releases, such as 15.20, keep a number of their own in the options.
   */
  private static final String OF_COLUMN =
      """
      case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation end,
      case when a.attstattarget >= 0 then 'statistics ' || a.attstattarget end,
      case when a.attstorage <> t.typstorage then 'storage ' || a.attstorage::text end,
      case when a.attcompression <> '' then 'compression ' || a.attcompression::text end, -- since 14
      'options ' || (select string_agg(x, ', ' order by x) from unnest(a.attoptions) x where x like 'n_distinct%'), 'foreign options ' || array_to_string(a.attfdwoptions, ', '),
      'comment ' || quote_literal(@comment(r.oid, 'pg_class', a.attnum)), 'grants ' || @options(a.attacl)
      """;

  /** What most relations have. */
  static final String COMMON =
      """
      select oid, oid, 'table', '', name,
          concat_ws(' ', case relpersistence when 'u' then 'unlogged' end, @owner(relowner),
            case when relrowsecurity then 'row level security' end, case when relforcerowsecurity then 'forced' end,
            case when relkind = 'p' then 'partition by ' || pg_get_partkeydef(oid) end,
            'partition ' || pg_get_expr(relpartbound, oid),
            'inherits ' || (select string_agg(h.inhparent::regclass::text, ', ' order by h.inhseqno) from pg_inherits h where h.inhrelid = r.oid),
            case relreplident when 'f' then 'replica identity full' when 'n' then 'replica identity nothing' end,
            case when relhastriggers then 'triggers of ' || (
              select string_agg(distinct concat_ws(' enabled ', quote_ident(coalesce(o.conname, g.tgname)), g.tgenabled), ', ')
              from pg_trigger g left join pg_constraint o on o.oid = g.tgconstraint
              where g.tgrelid = r.oid and g.tgisinternal and g.tgenabled <> 'O') end,
            @options(reloptions), 'toast ' || (select @options(s.reloptions) from pg_class s where s.oid = r.reltoastrelid),
            'comment ' || quote_literal(@comment(oid, 'pg_class', 0)), 'grants ' || @acl(relacl, 'r', relowner))
        from relation r where relkind in ('r', 'p')
      union all
      select r.oid, coalesce(d.oid, r.oid), 'column', r.name, quote_ident(a.attname),
          concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
            case when a.attgenerated = '' then 'default ' else 'generated as ' end || pg_get_expr(d.adbin, d.adrelid),
            case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
            @of_column)
        from relation r join pg_attribute a on a.attrelid = r.oid join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f')
      union all
      select r.oid, o.oid, 'constraint', r.name, quote_ident(o.conname),
          concat_ws(' ', pg_get_constraintdef(o.oid), 'comment ' || quote_literal(@comment(o.oid, 'pg_constraint', 0)))
        from relation r join pg_constraint o on o.conrelid = r.oid where o.contype not in ('t', 'n', 'p', 'u', 'x')
      union all
      select r.oid, coalesce(o.oid, i.indexrelid), case when o.oid is null then 'index' else 'constraint' end, r.name,
          coalesce(quote_ident(o.conname), i.indexrelid::regclass::text),
          concat_ws(' ',
            case when o.oid is null then pg_get_indexdef(i.indexrelid) else concat_ws(' with ', pg_get_constraintdef(o.oid), array_to_string(c.reloptions, ', ')) end,
            case when not i.indisvalid then 'INVALID' end,
            case when i.indisreplident then 'replica identity' end, case when i.indisclustered then 'clustered' end,
            case when o.oid is null then 'comment ' else 'index comment ' end || quote_literal(@comment(i.indexrelid, 'pg_class', 0)),
            'comment ' || quote_literal(@comment(o.oid, 'pg_constraint', 0)))
        from relation r join pg_index i on i.indrelid = r.oid join pg_class c on c.oid = i.indexrelid
        left join pg_constraint o on o.conrelid = r.oid and o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x')
      """
          .replace("@of_column", OF_COLUMN.strip());

  /** Views and foreign tables; a view's columns stand in its definition, as they go with it. */
  static final String VIEWS =
      """
      select oid, oid, case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'foreign table' end, '', name,
          concat_ws(' ', @owner(relowner),
            'inherits ' || (select string_agg(h.inhparent::regclass::text, ', ' order by h.inhseqno) from pg_inherits h where h.inhrelid = r.oid),
            'partition ' || pg_get_expr(relpartbound, oid),
            @options(reloptions), case when relkind in ('v', 'm') then pg_get_viewdef(oid) end, case when not relispopulated then 'not populated' end,
            'server ' || (
              select concat_ws(' ', quote_ident(s.srvname), 'options ' || @options(f.ftoptions))
              from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = r.oid),
            'columns ' || (
              select string_agg(quote_ident(v.attname) || ' ' || v.more, ', ' order by v.attnum) from (
                select a.attname, a.attnum, concat_ws(' ', 'default ' || pg_get_expr(d.adbin, d.adrelid), @of_column) as more
                from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where r.relkind <> 'f' and a.attrelid = r.oid and a.attnum > 0) v
              where v.more <> ''),
            'comment ' || quote_literal(@comment(oid, 'pg_class', 0)), 'grants ' || @acl(relacl, 'r', relowner))
        from relation r where relkind in ('v', 'm', 'f')
      """
          .replace("@of_column", OF_COLUMN.strip());

  /** What few relations have, or are. */
  static final String RARE =
      """
      select r.oid, r.oid, case d.deptype when 'i' then 'identity' else 'sequence' end, coalesce(d.refobjid::regclass::text, ''),
          case d.deptype when 'i' then quote_ident(a.attname) else r.name end,
          concat_ws(' ', case r.relpersistence when 'u' then 'unlogged' end,
            case d.deptype when 'i' then 'sequence ' || r.name end, s.seqtypid::regtype, 'start ' || s.seqstart, 'increment ' || s.seqincrement,
            'minvalue ' || s.seqmin, 'maxvalue ' || s.seqmax, case when s.seqcycle then 'cycle' end, 'cache ' || nullif(s.seqcache, 1),
            case d.deptype when 'a' then 'owned by ' || a.attname end, @owner(r.relowner),
            'comment ' || quote_literal(@comment(r.oid, 'pg_class', 0)), 'grants ' || @acl(relacl, 's', relowner))
        from relation r join pg_sequence s on s.seqrelid = r.oid
        left join pg_depend d on d.classid = 1259 and d.objid = r.oid and d.deptype in ('a', 'i') and d.refclassid = 1259
        left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      union all
      select r.oid, g.oid, 'trigger', r.name, quote_ident(g.tgname),
          concat_ws(' ', pg_get_triggerdef(g.oid), case when g.tgenabled <> 'O' then 'enabled ' || g.tgenabled::text end,
            'comment ' || quote_literal(@comment(g.oid, 'pg_trigger', 0)))
        from relation r join pg_trigger g on g.tgrelid = r.oid where not g.tgisinternal
      union all
      select r.oid, p.oid, 'policy', r.name, quote_ident(p.polname),
          concat_ws(' ', p.polcmd, case when p.polpermissive then '' else 'restrictive' end, p.polroles::regrole[],
            'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid),
            'comment ' || quote_literal(@comment(p.oid, 'pg_policy', 0)))
        from relation r join pg_policy p on p.polrelid = r.oid
      union all
      select r.oid, w.oid, 'rule', r.name, quote_ident(w.rulename),
          concat_ws(' ', pg_get_ruledef(w.oid), case when w.ev_enabled <> 'O' then 'enabled ' || w.ev_enabled::text end,
            'comment ' || quote_literal(@comment(w.oid, 'pg_rewrite', 0)))
        from relation r join pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN'
      union all
      select r.oid, x.oid, 'statistics', r.name, quote_ident(x.stxname),
          concat_ws(' ', pg_get_statisticsobjdef(x.oid), @owner(x.stxowner),
            case when x.stxstattarget >= 0 then 'statistics ' || x.stxstattarget end, -- since 13
            'comment ' || quote_literal(@comment(x.oid, 'pg_statistic_ext', 0)))
        from relation r join pg_statistic_ext x on x.stxrelid = r.oid
      union all
      select r.oid, r.oid, 'type', '', r.reltype::regtype::text,
          concat_ws(' ', (
              select string_agg(
                concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation end,
                  'comment ' || quote_literal(@comment(r.oid, 'pg_class', a.attnum))), ', ' order by a.attnum)
              from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped),
            @owner(r.relowner), 'comment ' || quote_literal(@comment(y.oid, 'pg_type', 0)), 'grants ' || @acl(y.typacl, 'T', y.typowner))
        from relation r join pg_type y on y.oid = r.reltype where r.relkind = 'c'
      """;

  private CatalogTablesSql() {}
}
