package dev.slipway.effect.postgres;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a database holds besides rows. */
final class CatalogReader {

  /** A text, a name in quotes, or a comment with the line's end; else blanks. */
  private static final Pattern QUOTED_OR_BLANKS =
      Pattern.compile("'[^']*+'|\"[^\"]*+\"|(--[^\\n]*+)\\s*+|\\s++");

  /** A function in whose language blanks at the beginning of a line have a meaning, or may have. */
  private static final Pattern OTHER_LANGUAGE =
      Pattern.compile("\\sLANGUAGE (?!sql\\s|plpgsql\\s|internal\\s|c\\s)\\S+\\s");

  private static final String NUMBER = "-?\\d{1,30}(?:\\.\\d{1,30})?";

  /**
   * A plain number as a default, which PostgreSQL keeps as it was written: {@code 0}, {@code
   * '0'::numeric} or {@code (0)::numeric}.
   */
  private static final Pattern NUMBER_BY_DEFAULT =
      Pattern.compile(
          " default (?:@|'@'|\\(@\\))".replace("@", NUMBER)
              + "(?:::(?:smallint|integer|bigint|numeric|real|double"
              + " precision)(?:\\([-,\\d]+\\))?)?(?=$| [a-z])");

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
              rows.getString(3), rows.getString(4), rows.getString(5), compared(rows.getString(6)));
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

  /** A definition without the blanks that have no meaning, such as those that indent a function. */
  static String compared(@Nullable String definition) {
    String text =
        NUMBER_BY_DEFAULT
            .matcher(Objects.requireNonNullElse(definition, "").strip())
            .replaceFirst(CatalogReader::number);
    return OTHER_LANGUAGE.matcher(text).find()
        ? text
        : QUOTED_OR_BLANKS.matcher(text).replaceAll(CatalogReader::withoutBlanks);
  }

  private static String number(MatchResult found) {
    String digits = found.group().replaceFirst("::.*", "").replaceAll("[^-.\\d]", "");
    return " default " + new BigDecimal(digits).stripTrailingZeros().toPlainString();
  }

  private static String withoutBlanks(MatchResult found) {
    String text = found.group();
    if (text.isBlank()) {
      return " ";
    }
    return Matcher.quoteReplacement(found.group(1) == null ? text : found.group(1).strip() + "\n");
  }
}
