package dev.slipway.effect.postgres;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a database holds besides rows. */
final class CatalogReader {

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private CatalogReader() {}

  /** Reads all that is committed. */
  static Catalog all(Connection connection) throws SQLException {
    Map<Long, Set<SchemaObject>> groups = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CatalogQuery.of(connection).all())) {
      read(rows, groups, new HashMap<>());
    }
    return new Catalog(groups);
  }

  /**
   * Reads the rows of a {@link CatalogQuery}.
   *
   * @param groups gets the objects by the oid of their group
   * @param owners gets the group by the oid of each part
   */
  static void read(ResultSet rows, Map<Long, Set<SchemaObject>> groups, Map<Long, Long> owners)
      throws SQLException {
    while (rows.next()) {
      SchemaObject object =
          new SchemaObject(
              rows.getString(3), rows.getString(4), rows.getString(5), oneLine(rows.getString(6)));
      add(rows.getLong(1), rows.getLong(2), object, groups, owners);
    }
  }

  /** Adds an object to the group that it belongs to. */
  static void add(
      long group,
      long part,
      SchemaObject object,
      Map<Long, Set<SchemaObject>> groups,
      Map<Long, Long> owners) {
    owners.put(part, group);
    groups.computeIfAbsent(group, oid -> new TreeSet<>()).add(object);
  }

  static String oneLine(@Nullable String definition) {
    return BLANKS.matcher(Objects.requireNonNullElse(definition, "")).replaceAll(" ").strip();
  }
}
