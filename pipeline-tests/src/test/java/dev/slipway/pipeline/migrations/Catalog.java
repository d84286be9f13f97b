package dev.slipway.pipeline.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a database holds besides rows; alembic's own table and what belongs to extensions left out.
 *
 * @param objects every object that a migration can make
 */
record Catalog(Set<SchemaObject> objects) {

  private static final String QUERY =
      """
      with own_schema as (
        select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'),
      member as (select classid, objid from pg_depend where deptype = 'e'),
      relation as (
        select c.*, c.oid::regclass::text as name from pg_class c
        where c.relnamespace in (select oid from own_schema) and c.oid not in (%s)
          and (1259, c.oid) not in (select classid, objid from member))

      select 'schema' as kind, '' as owner, quote_ident(nspname) as name, '' as definition from own_schema
        where nspname <> 'public' and (2615, oid) not in (select classid, objid from member)
      union all
      select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end,
          '', name,
          concat_ws(' ', case relpersistence when 'u' then 'unlogged' end,
            case when relrowsecurity then 'row level security' end, case when relforcerowsecurity then 'forced' end,
            case when relkind = 'p' then 'partition by ' || pg_get_partkeydef(oid) end,
            'partition ' || pg_get_expr(relpartbound, oid), array_to_string(reloptions, ', '),
            case when relkind in ('v', 'm') then pg_get_viewdef(oid) end,
            'comment ' || quote_literal(obj_description(oid, 'pg_class')))
        from relation where relkind in ('r', 'p', 'v', 'm', 'f')
      union all
      select 'sequence', coalesce(owner.name, ''), r.name,
          concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, 'owned by ' || a.attname)
        from relation r join pg_sequence s on s.seqrelid = r.oid
        left join pg_depend d on d.classid = 1259 and d.objid = r.oid and d.deptype = 'a' and d.refclassid = 1259
        left join relation owner on owner.oid = d.refobjid
        left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where not exists (select from pg_depend i where i.classid = 1259 and i.objid = r.oid and i.deptype = 'i')
      union all
      select 'column', r.name, quote_ident(a.attname),
          concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
            case when a.attgenerated = '' then 'default ' else 'generated as ' end || pg_get_expr(d.adbin, d.adrelid),
            case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
            case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation end,
            'comment ' || quote_literal(col_description(r.oid, a.attnum)))
        from pg_attribute a join relation r on r.oid = a.attrelid join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f')
      union all
      select 'constraint', r.name, quote_ident(o.conname), pg_get_constraintdef(o.oid)
        from pg_constraint o join relation r on r.oid = o.conrelid where o.contype <> 't'
      union all
      select 'index', t.name, r.name, pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' INVALID' end
        from pg_index i join relation r on r.oid = i.indexrelid join relation t on t.oid = i.indrelid
        where not exists (select from pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
      union all
      select 'enum type', '', t.oid::regtype::text,
          (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
        from pg_type t where t.typtype = 'e' and t.typnamespace in (select oid from own_schema)
          and (1247, t.oid) not in (select classid, objid from member)
      union all
      select 'domain', '', t.oid::regtype::text,
          concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,
            (select string_agg(pg_get_constraintdef(o.oid), ' ' order by o.conname) from pg_constraint o where o.contypid = t.oid))
        from pg_type t where t.typtype = 'd' and t.typnamespace in (select oid from own_schema)
          and (1247, t.oid) not in (select classid, objid from member)
      union all
      select 'type', '', r.reltype::regtype::text,
          (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
            from pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped)
        from relation r where r.relkind = 'c'
      union all
      select 'type', '', t.oid::regtype::text, 'range of ' || g.rngsubtype::regtype
        from pg_type t join pg_range g on g.rngtypid = t.oid where t.typnamespace in (select oid from own_schema)
          and (1247, t.oid) not in (select classid, objid from member)
      union all
      select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, '', p.oid::regprocedure::text,
          case when p.prokind = 'a' then pg_get_function_result(p.oid) else pg_get_functiondef(p.oid) end
        from pg_proc p where p.pronamespace in (select oid from own_schema)
          and (1255, p.oid) not in (select classid, objid from member)
      union all
      select 'trigger', r.name, quote_ident(g.tgname),
          pg_get_triggerdef(g.oid) || case g.tgenabled when 'O' then '' else ' enabled ' || g.tgenabled::text end
        from pg_trigger g join relation r on r.oid = g.tgrelid where not g.tgisinternal
      union all
      select 'policy', r.name, quote_ident(p.polname),
          concat_ws(' ', p.polcmd, case when p.polpermissive then '' else 'restrictive' end, p.polroles::regrole[],
            'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
        from pg_policy p join relation r on r.oid = p.polrelid
      union all
      select 'rule', r.name, quote_ident(w.rulename), pg_get_ruledef(w.oid)
        from pg_rewrite w join relation r on r.oid = w.ev_class where w.rulename <> '_RETURN'
      union all
      select 'statistics', r.name, quote_ident(x.stxname), pg_get_statisticsobjdef(x.oid)
        from pg_statistic_ext x join relation r on r.oid = x.stxrelid
      union all
      select 'extension', '', quote_ident(extname), '' from pg_extension where extname <> 'plpgsql'
      """
          .formatted(VersionTable.OIDS);

  Catalog {
    objects = Collections.unmodifiableSet(new TreeSet<>(objects));
  }

  /** Reads what is committed. */
  static Catalog read(Connection connection) throws SQLException {
    Set<SchemaObject> objects = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        objects.add(
            new SchemaObject(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                Objects.requireNonNullElse(rows.getString(4), "").replaceAll("\\s+", " ").strip()));
      }
    }
    return new Catalog(objects);
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  /** What this one has and the other has not, without the parts of a table that is itself named. */
  List<SchemaObject> without(Catalog other) {
    List<SchemaObject> more =
        objects.stream()
            .filter(object -> other.objects.stream().noneMatch(object::isSameAs))
            .toList();
    return more.stream().filter(object -> more.stream().noneMatch(object::belongsTo)).toList();
  }

  /** What both have, but defined otherwise here. */
  List<SchemaObject> otherThan(Catalog other) {
    return objects.stream()
        .filter(object -> !other.objects.contains(object))
        .filter(object -> other.objects.stream().anyMatch(object::isSameAs))
        .toList();
  }

  SchemaObject same(SchemaObject object) {
    return objects.stream().filter(object::isSameAs).findFirst().orElseThrow();
  }
}
