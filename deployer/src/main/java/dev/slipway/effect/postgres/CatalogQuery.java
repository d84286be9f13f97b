package dev.slipway.effect.postgres;

/**
 * The query behind a {@link dev.slipway.catalog.Catalog}: for each object the oid of its group, its
 * own oid, and what {@link dev.slipway.catalog.SchemaObject} is made of.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalogs.html">System catalogs</a>
 */
final class CatalogQuery {

  private static final String UNION = "union all\n";

  private static final String SCHEMAS =
      """
      with own_schema as (
        select oid, nspname, nspacl, nspowner from pg_namespace
        where nspname !~ '^pg_' and nspname not in ('information_schema', '@own'))
      """;

  private static final String RELATIONS =
      """
      , relation as materialized (
        select c.*, c.oid::regclass::text as name from pg_class c
        where c.relnamespace in (select oid from own_schema) and @(c.oid)
          and not (c.relnatts = 1 and c.relkind = 'r'
            and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version_num'))
          and not exists (select from pg_depend x where x.classid = 1259 and x.objid = c.oid and x.deptype = 'e'))
      """;

  private static final String OF_TABLES =
      """
      select oid, oid,
          case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end, '', name,
          concat_ws(' ', case relpersistence when 'u' then 'unlogged' end,
            case when relrowsecurity then 'row level security' end, case when relforcerowsecurity then 'forced' end,
            case when relkind = 'p' then 'partition by ' || pg_get_partkeydef(oid) end,
            'partition ' || pg_get_expr(relpartbound, oid),
            'inherits ' || (select string_agg(h.inhparent::regclass::text, ', ' order by h.inhseqno) from pg_inherits h where h.inhrelid = r.oid),
            case when relkind in ('v', 'm') then null when relreplident = 'f' then 'replica identity full' when relreplident = 'n' then 'replica identity nothing' end,
            array_to_string(reloptions, ', '), case when relkind in ('v', 'm') then pg_get_viewdef(oid) end,
            'comment ' || quote_literal(@comment(oid, 'pg_class', 0)), 'grants ' || @acl(relacl, 'r', relowner))
        from relation r where relkind in ('r', 'p', 'v', 'm', 'f')
      union all
      select r.oid, coalesce(d.oid, r.oid), 'column', r.name, quote_ident(a.attname),
          concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
            case when a.attgenerated = '' then 'default ' else 'generated as ' end || pg_get_expr(d.adbin, d.adrelid),
            case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
            case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation end,
            case when a.attstattarget >= 0 then 'statistics ' || a.attstattarget end,
            case when a.attstorage <> t.typstorage then 'storage ' || a.attstorage::text end,
            'comment ' || quote_literal(@comment(r.oid, 'pg_class', a.attnum)), 'grants ' || array_to_string(a.attacl, ', '))
        from relation r join pg_attribute a on a.attrelid = r.oid join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f')
      union all
      select r.oid, o.oid, 'constraint', r.name, quote_ident(o.conname),
          concat_ws(' ', pg_get_constraintdef(o.oid), 'comment ' || quote_literal(@comment(o.oid, 'pg_constraint', 0)))
        from relation r join pg_constraint o on o.conrelid = r.oid where o.contype not in ('t', 'n')
      union all
      select r.oid, i.indexrelid, 'index', r.name, i.indexrelid::regclass::text,
          concat_ws(' ', pg_get_indexdef(i.indexrelid), case when not i.indisvalid then 'INVALID' end,
            case when i.indisreplident then 'replica identity' end, case when i.indisclustered then 'clustered' end,
            'comment ' || quote_literal(@comment(i.indexrelid, 'pg_class', 0)))
        from relation r join pg_index i on i.indrelid = r.oid
        where not exists (select from pg_constraint o where o.conrelid = r.oid and o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
      """;

  /** What few relations have, or are. */
  private static final String RARE =
      """
      select r.oid, r.oid, 'sequence', coalesce(d.refobjid::regclass::text, ''), r.name,
          concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, 'owned by ' || a.attname,
            'comment ' || quote_literal(@comment(r.oid, 'pg_class', 0)), 'grants ' || @acl(relacl, 's', relowner))
        from relation r join pg_sequence s on s.seqrelid = r.oid
        left join pg_depend d on d.classid = 1259 and d.objid = r.oid and d.deptype = 'a' and d.refclassid = 1259
        left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where not exists (select from pg_depend i where i.classid = 1259 and i.objid = r.oid and i.deptype = 'i')
      union all
      select r.oid, g.oid, 'trigger', r.name, quote_ident(g.tgname),
          concat_ws(' ', pg_get_triggerdef(g.oid), case when g.tgenabled <> 'O' then 'enabled ' || g.tgenabled::text end)
        from relation r join pg_trigger g on g.tgrelid = r.oid where not g.tgisinternal
      union all
      select r.oid, p.oid, 'policy', r.name, quote_ident(p.polname),
          concat_ws(' ', p.polcmd, case when p.polpermissive then '' else 'restrictive' end, p.polroles::regrole[],
            'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
        from relation r join pg_policy p on p.polrelid = r.oid
      union all
      select r.oid, w.oid, 'rule', r.name, quote_ident(w.rulename), pg_get_ruledef(w.oid)
        from relation r join pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN'
      union all
      select r.oid, x.oid, 'statistics', r.name, quote_ident(x.stxname), pg_get_statisticsobjdef(x.oid)
        from relation r join pg_statistic_ext x on x.stxrelid = r.oid
      union all
      select r.oid, r.oid, 'type', '', r.reltype::regtype::text,
          (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
            from pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped)
        from relation r where r.relkind = 'c'
      """;

  private static final String OTHERS =
      """
      select oid, oid, 'schema', '', quote_ident(nspname),
          concat_ws(' ', 'comment ' || quote_literal(@comment(oid, 'pg_namespace', 0)), 'grants ' || @acl(nspacl, 'n', nspowner))
        from own_schema s
        where @(oid) and nspname <> 'public'
          and not exists (select from pg_depend x where x.classid = 2615 and x.objid = s.oid and x.deptype = 'e')
      union all
      select t.oid, t.oid, 'enum type', '', t.oid::regtype::text,
          concat_ws(' ', (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
            'comment ' || quote_literal(@comment(t.oid, 'pg_type', 0)), 'grants ' || @acl(typacl, 'T', typowner))
        from pg_type t where t.typtype = 'e' and @type
      union all
      select t.oid, t.oid, 'domain', '', t.oid::regtype::text,
          concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,
            (select string_agg(pg_get_constraintdef(o.oid), ' ' order by o.conname) from pg_constraint o where o.contypid = t.oid),
            'comment ' || quote_literal(@comment(t.oid, 'pg_type', 0)))
        from pg_type t where t.typtype = 'd' and @type
      union all
      select t.oid, t.oid, 'type', '', t.oid::regtype::text, 'range of ' || g.rngsubtype::regtype
        from pg_type t join pg_range g on g.rngtypid = t.oid where @type
      union all
      select p.oid, p.oid, case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, '',
          p.oid::regprocedure::text,
          concat_ws(' ', case when p.prokind = 'a' then pg_get_function_result(p.oid) else pg_get_functiondef(p.oid) end,
            'comment ' || quote_literal(@comment(p.oid, 'pg_proc', 0)), 'grants ' || @acl(proacl, 'f', proowner))
        from pg_proc p where p.pronamespace in (select oid from own_schema) and @(p.oid)
          and not exists (select from pg_depend x where x.classid = 1255 and x.objid = p.oid and x.deptype in ('e', 'i'))
      union all
      select c.oid, c.oid, 'collation', '', c.oid::regcollation::text, concat_ws(' ', c.collprovider, c.collcollate, c.collctype)
        from pg_collation c where c.collnamespace in (select oid from own_schema) and @(c.oid)
      union all
      select oid, oid, 'extension', '', quote_ident(extname), 'version ' || extversion
        from pg_extension where extname <> 'plpgsql' and @(oid)
      union all
      select oid, oid, 'event trigger', '', quote_ident(evtname),
          concat_ws(' ', evtevent, evtfoid::regproc, evtenabled, array_to_string(evttags, ', '))
        from pg_event_trigger where evtname !~ '^@own' and @(oid)
      union all
      select oid, oid, 'publication', '', quote_ident(pubname),
          concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete,
            (select string_agg(p.prrelid::regclass::text, ', ' order by 1) from pg_publication_rel p where p.prpubid = b.oid))
        from pg_publication b where @(oid)
      union all
      select oid, oid, 'default privileges', '',
          concat_ws(' ', defaclrole::regrole, 'in ' || nullif(defaclnamespace, 0)::regnamespace, 'on ' || defaclobjtype::text),
          array_to_string(defaclacl, ', ')
        from pg_default_acl where @(oid)

      """;

  /** Every object. */
  static final String ALL =
      complete(SCHEMAS + RELATIONS + OF_TABLES + UNION + RARE + UNION + OTHERS)
          .replaceAll("@\\(([\\w.]+)\\)", "true");

  /** The tables, views and the like among some groups, whose oids are called {@code wanted}. */
  static final String WANTED_TABLES = wanted(SCHEMAS + RELATIONS + OF_TABLES);

  /**
   * What few of them have. Apart from the rest, since starting a query costs more here than running
   * it, and the more the longer it is.
   */
  static final String WANTED_RARE = wanted(SCHEMAS + RELATIONS + RARE);

  /** Whether any of them has that. */
  static final String HAVE_RARE =
      """
      select from pg_class c where c.oid = any(wanted) and (c.relkind in ('S', 'c') or c.relhasrules
        or exists (select from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
        or exists (select from pg_policy p where p.polrelid = c.oid)
        or exists (select from pg_statistic_ext x where x.stxrelid = c.oid))
      """;

  /** Whatever else is among them. */
  static final String WANTED_OTHERS = wanted(SCHEMAS + OTHERS);

  private static String wanted(String text) {
    return "select a::oid, b::oid, c::text, d::text, e::text, f::text from ("
        + complete(text).replaceAll("@\\(([\\w.]+)\\)", "$1 = any(wanted)")
        + ") found (a, b, c, d, e, f)";
  }

  /** A description is looked up without a function, which would cost more than all the rest. */
  private static String complete(String text) {
    return text.replace(
            "@type",
            "t.typnamespace in (select oid from own_schema) and @(t.oid)"
                + " and not exists (select from pg_depend x where x.classid = 1247 and x.objid = t.oid and x.deptype = 'e')")
        .replace("@own", DatabaseSession.OWN_SCHEMA)
        .replaceAll(
            "@comment\\(([\\w.]+), ('\\w+'), ([\\w.]+)\\)",
            "(select q.description from pg_description q"
                + " where q.objoid = $1 and q.classoid = $2::regclass and q.objsubid = $3)")
        .replaceAll(
            "@acl\\((\\w+), '(\\w)', (\\w+)\\)",
            "(select string_agg(x::text, ', ' order by x::text) from unnest($1) x having array_agg(x::text order by x::text)"
                + " <> (select array_agg(y::text order by y::text) from unnest(acldefault('$2', $3)) y))");
  }

  private CatalogQuery() {}
}
