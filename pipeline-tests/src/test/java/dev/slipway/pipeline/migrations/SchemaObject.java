package dev.slipway.pipeline.migrations;

import java.util.Locale;

/**
 * Something that a migration can make, other than rows.
 *
 * @param kind such as {@code table} or {@code enum type}
 * @param table the table it belongs to; empty when it stands for itself
 * @param name its name as SQL writes it
 * @param definition everything else about it
 */
record SchemaObject(String kind, String table, String name, String definition)
    implements Comparable<SchemaObject> {

  boolean isSameAs(SchemaObject other) {
    return key().equals(other.key());
  }

  private String key() {
    return kind + '\n' + table + '\n' + name;
  }

  boolean belongsTo(SchemaObject other) {
    return other.kind.endsWith("table") && table.equals(other.name);
  }

  /** How a message names it. */
  String label() {
    if (table.isEmpty()) {
      return kind + " " + name;
    }
    return kind.equals("column")
        ? "column " + table + "." + name
        : kind + " " + name + " on " + table;
  }

  /** A piece of a downgrade that removes it. */
  String removal() {
    String code =
        switch (kind) {
          case "enum type" -> "sa.Enum(name='" + plain(name) + "')" + ".drop(op.get_bind())";
          case "table" -> call("drop_table", name, "");
          case "column" -> call("drop_column", table, ", '" + plain(name) + "'");
          case "index" -> call("drop_index", name, ", table_name='" + plain(table) + "'");
          case "constraint" -> dropConstraint();
          default -> "op.execute('DROP " + kind.toUpperCase(Locale.ROOT) + " " + target() + "')";
        };
    return "`" + code + "`";
  }

  private String dropConstraint() {
    String type =
        definition.startsWith("PRIMARY KEY")
            ? ", type_='primary'"
            : definition.startsWith("FOREIGN KEY")
                ? ", type_='foreignkey'"
                : definition.startsWith("UNIQUE")
                    ? ", type_='unique'"
                    : definition.startsWith("CHECK") ? ", type_='check'" : "";
    return "op.drop_constraint('" + plain(name) + "', '" + plain(table) + "'" + type + ")";
  }

  private static String call(String function, String name, String more) {
    return "op." + function + "('" + plain(name) + "'" + more + ")";
  }

  private String target() {
    return switch (kind) {
      case "trigger", "policy", "rule" -> name + " ON " + table;
      case "composite type" -> name;
      default -> name;
    };
  }

  private static String plain(String name) {
    return name.replace("\"", "");
  }

  @Override
  public int compareTo(SchemaObject other) {
    return (key() + '\n' + definition).compareTo(other.key() + '\n' + other.definition);
  }
}
