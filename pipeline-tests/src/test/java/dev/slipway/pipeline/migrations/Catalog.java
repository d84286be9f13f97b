package dev.slipway.pipeline.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a database holds besides rows, one sentence an object, so that two of them can be compared
 * and the difference be read.
 *
 * @param objects every object that a migration can make, alembic's own table left out
 */
record Catalog(Set<String> objects) {

  private static final String OURS =
      " n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'";

  private static final String QUERY =
      """
      select 'schema ' || n.nspname from pg_namespace n where n.nspname <> 'public' and %1$s
      union all
      select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'table ' end
          || c.oid::regclass || coalesce(' as ' || pg_get_viewdef(case when c.relkind in ('v', 'm') then c.oid end), '')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and %1$s
      union all
      select 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
          || case when a.attnotnull then ' not null' else '' end
          || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attidentity || a.attgenerated
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f') and %1$s
      union all
      select 'constraint ' || o.conname || ' on ' || o.conrelid::regclass || ' ' || pg_get_constraintdef(o.oid)
        from pg_constraint o join pg_namespace n on n.oid = o.connamespace where o.conrelid <> 0 and %1$s
      union all
      select 'index ' || pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' INVALID' end
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where %1$s
      union all
      select 'enum type ' || t.oid::regtype || ' (' || string_agg(e.enumlabel, ', ' order by e.enumsortorder) || ')'
        from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = t.typnamespace where %1$s group by t.oid
      union all
      select 'domain ' || t.oid::regtype || ' ' || format_type(t.typbasetype, t.typtypmod)
        from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'd' and %1$s
      union all
      select 'function ' || p.oid::regprocedure || ' ' || md5(p.prosrc)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where %1$s and not exists (select from pg_depend x where x.objid = p.oid and x.deptype = 'e')
      union all
      select 'trigger ' || pg_get_triggerdef(g.oid) from pg_trigger g
        join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace where not g.tgisinternal and %1$s
      union all
      select 'extension ' || e.extname from pg_extension e where e.extname <> 'plpgsql'
      """
          .formatted(OURS);

  private static final String VERSION_TABLE = ".*\\balembic_version(_pkc|\\b).*";

  Catalog {
    objects = Set.copyOf(objects);
  }

  /** Reads the catalog over a connection of its own. */
  static Catalog read(Connection connection) throws SQLException {
    Set<String> objects = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        String object = rows.getString(1).replaceAll("\\s+", " ").strip();
        if (!object.matches(VERSION_TABLE)) {
          objects.add(object);
        }
      }
    }
    return new Catalog(objects);
  }

  /** What this one has and the other has not. */
  List<String> without(Catalog other) {
    List<String> more = new ArrayList<>(new TreeSet<>(objects));
    more.removeAll(other.objects());
    return more;
  }

  /** A piece of a downgrade that would remove an object of this kind. */
  static String removal(String object) {
    String[] words = object.split(" ", 4);
    return switch (words[0]) {
      case "enum" -> "`sa.Enum(name='" + words[2] + "').drop(op.get_bind())`";
      case "table" -> "`op.drop_table('" + words[1] + "')`";
      case "column" -> "`op.drop_column(…)` for " + words[1];
      case "index" -> "`op.drop_index(…)`";
      case "constraint" -> "`op.drop_constraint('" + words[1] + "', …)`";
      default -> "`op.execute('drop " + words[0] + " …')`";
    };
  }
}
