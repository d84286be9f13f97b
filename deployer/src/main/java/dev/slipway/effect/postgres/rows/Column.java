package dev.slipway.effect.postgres.rows;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that rows are made for.
 *
 * @param name its name, unquoted
 * @param type its type as SQL writes it, for casts
 * @param base the type without domain and array, by its name in pg_type
 * @param category the category of that type, as pg_type has it
 * @param modifier length, precision or the like; -1: none
 * @param array whether it holds an array of the base type
 * @param required whether it refuses null
 * @param defaulted whether it has a default that calls something, so that rows differ
 * @param constant whether it has a default that is the same for every row
 * @param labels the labels of its enum type
 */
record Column(
    String name,
    String type,
    String base,
    String category,
    int modifier,
    boolean array,
    boolean required,
    boolean defaulted,
    boolean constant,
    List<String> labels) {

  Column {
    labels = List.copyOf(labels);
  }

  String quoted() {
    return quote(name);
  }

  /** A value as SQL writes it where it stands in this column. */
  String literal(Statement statement, @Nullable String value) throws SQLException {
    return (value == null ? "null" : statement.enquoteLiteral(value)) + "::" + type;
  }

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
