package dev.slipway.effect.postgres.rows;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which tables there are to fill, and what they take. */
final class TableReader {

  private static final String TABLES =
      """
      select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not (c.relnatts = 1 and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version_num'))
        and not exists (select from pg_depend d where d.classid = 1259 and d.objid = c.oid and d.deptype = 'e')
      order by 1
      """;

  private static final String COLUMNS =
      """
      select a.attrelid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), base.typname, base.typcategory,
        case when t.typtype = 'd' then t.typtypmod else a.atttypmod end, base.oid <> plain.oid, a.attnotnull or t.typnotnull,
        coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault),
        array(select e.enumlabel::text from pg_enum e where e.enumtypid = base.oid order by e.enumsortorder)
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      join pg_type plain on plain.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
      join pg_type base on base.oid = case when plain.typcategory = 'A' then plain.typelem else plain.oid end
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''
        and a.attrelid::regclass::text = any (?)
      order by a.attrelid, a.attnum
      """;

  private static final String CONSTRAINTS =
      """
      select o.conrelid::regclass::text, o.contype::text, o.conname, %s, o.confrelid::regclass::text, %s, pg_get_constraintdef(o.oid)
      from pg_constraint o where o.contype in ('f', 'c') and o.conrelid::regclass::text = any (?)
      union all
      select a.attrelid::regclass::text, 'c', o.conname, array[a.attname::text], null, '{}', pg_get_constraintdef(o.oid)
      from pg_constraint o join pg_attribute a on a.atttypid = o.contypid where a.attrelid::regclass::text = any (?)
      union all
      select i.indrelid::regclass::text, 'u', '', array[a.attname::text], null, '{}', ''
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indisunique and i.indrelid::regclass::text = any (?)
      order by 1, 2, 3
      """
          .formatted(names("conrelid", "conkey"), names("confrelid", "confkey"));

  private static String names(String relation, String key) {
    return "array(select a.attname::text from unnest(o."
        + key
        + ") with ordinality k(number, place) join pg_attribute a on a.attrelid = o."
        + relation
        + " and a.attnum = k.number order by k.place)";
  }

  private final Connection connection;

  private TableReader(Connection connection) {
    this.connection = connection;
  }

  static List<Table> read(Connection connection) throws SQLException {
    return new TableReader(connection).tables();
  }

  private List<Table> tables() throws SQLException {
    Map<String, Parts> parts = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        parts.put(rows.getString(1), new Parts());
      }
    }
    each(COLUMNS, 1, parts.keySet(), row -> parts(parts, row).columns.add(column(row)));
    each(CONSTRAINTS, 3, parts.keySet(), row -> parts(parts, row).add(row));
    List<Table> tables = new ArrayList<>();
    parts.forEach((name, part) -> tables.add(part.table(name)));
    return tables;
  }

  private static Parts parts(Map<String, Parts> parts, ResultSet row) throws SQLException {
    return Objects.requireNonNull(parts.get(row.getString(1)));
  }

  private void each(String query, int parameters, Collection<String> names, RowReader reader)
      throws SQLException {
    Array tables = connection.createArrayOf("text", names.toArray());
    try (var statement = connection.prepareStatement(query)) {
      for (int i = 1; i <= parameters; i++) {
        statement.setArray(i, tables);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    }
  }

  private static Column column(ResultSet row) throws SQLException {
    @Nullable String expression = row.getString(9);
    boolean calls =
        expression != null && expression.matches("(?s).*(\\(.*\\)|CURRENT_|LOCALTIME).*");
    return new Column(
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getInt(6),
        row.getBoolean(7),
        row.getBoolean(8),
        calls,
        expression != null && !calls,
        texts(row, 10));
  }

  private static List<String> texts(ResultSet row, int place) throws SQLException {
    return Arrays.asList((String[]) row.getArray(place).getArray());
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static final class Parts {

    private final List<Column> columns = new ArrayList<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final List<CheckRule> checks = new ArrayList<>();
    private final Set<String> unique = new HashSet<>();

    void add(ResultSet row) throws SQLException {
      List<String> names = texts(row, 4);
      switch (row.getString(2)) {
        case "f" -> foreignKeys.add(new ForeignKey(names, row.getString(5), texts(row, 6)));
        case "c" -> checks.add(new CheckRule(row.getString(3), names, row.getString(7)));
        default -> unique.addAll(names);
      }
    }

    Table table(String name) {
      return new Table(name, columns, foreignKeys, checks, unique);
    }
  }
}
