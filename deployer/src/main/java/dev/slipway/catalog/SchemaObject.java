package dev.slipway.catalog;

import java.util.Locale;

/**
 * Something that a migration can make, other than rows.
 *
 * @param kind such as {@code table} or {@code enum type}
 * @param table the table it belongs to; empty when it stands for itself
 * @param name its name as SQL writes it
 * @param definition everything else about it
 */
public record SchemaObject(String kind, String table, String name, String definition)
    implements Comparable<SchemaObject> {

  /** By which it is found in another catalog, whatever its definition there. */
  String key() {
    return kind + '\n' + table + '\n' + name;
  }

  /** Whether other objects name it as their table. */
  boolean hasParts() {
    return kind.endsWith("table");
  }

  /** How a message names it. */
  public String label() {
    if (table.isEmpty()) {
      return kind + " " + name;
    }
    return kind.equals("column")
        ? "column " + table + "." + name
        : kind + " " + name + " on " + table;
  }

  /** A piece of a downgrade that removes it. */
  public String removal() {
    String code =
        switch (kind) {
          case "enum type" ->
              "sa.Enum(name='" + plain(name) + "'" + schema(name) + ").drop(op.get_bind())";
          case "table" -> "op.drop_table('" + plain(name) + "'" + schema(name) + ")";
          case "column" -> dropPart("column", "'" + plain(table) + "', '" + plain(name) + "'");
          case "index" -> dropPart("index", "'" + plain(name) + "', '" + plain(table) + "'");
          case "constraint" ->
              dropPart(
                  "constraint", "'" + plain(name) + "', '" + plain(table) + "'" + constraintType());
          case "identity" ->
              "op.execute('ALTER TABLE " + table + " ALTER COLUMN " + name + " DROP IDENTITY')";
          case "trigger", "policy", "rule" -> execute(name + " ON " + table);
          case "default privileges" -> "op.execute('" + revocation() + "')";
          default -> execute(name);
        };
    return "`" + code + "`";
  }

  private String dropPart(String part, String arguments) {
    return "op.drop_" + part + "(" + arguments + schema(table) + ")";
  }

  private String execute(String target) {
    return "op.execute('DROP " + kind.toUpperCase(Locale.ROOT) + " " + target + "')";
  }

  /** Default privileges are named {@code ROLE in SCHEMA on r}, without a schema for all. */
  private String revocation() {
    String objects =
        switch (name.charAt(name.length() - 1)) {
          case 'S' -> "SEQUENCES";
          case 'f' -> "FUNCTIONS";
          case 'T' -> "TYPES";
          case 'n' -> "SCHEMAS";
          default -> "TABLES";
        };
    return "ALTER DEFAULT PRIVILEGES FOR ROLE "
        + name.replaceFirst(" on .$", "").replaceFirst(" in ", " IN SCHEMA ")
        + " REVOKE ALL ON "
        + objects
        + " FROM …";
  }

  private String constraintType() {
    String start = definition.split(" ", 2)[0];
    return switch (start) {
      case "PRIMARY", "UNIQUE", "CHECK" -> ", type_='" + start.toLowerCase(Locale.ROOT) + "'";
      case "FOREIGN" -> ", type_='foreignkey'";
      default -> "";
    };
  }

  /** The last part of a name that may be qualified and quoted. */
  private static String plain(String qualified) {
    return qualified.replaceFirst("^(\"[^\"]*\"|[^\".]*)\\.", "").replace("\"", "");
  }

  private static String schema(String qualified) {
    String without = qualified.replaceFirst("^(\"[^\"]*\"|[^\".]*)\\.", "");
    String schema = qualified.substring(0, qualified.length() - without.length());
    return schema.isEmpty()
        ? ""
        : ", schema='" + schema.substring(0, schema.length() - 1).replace("\"", "") + "'";
  }

  @Override
  public int compareTo(SchemaObject other) {
    return (key() + '\n' + definition).compareTo(other.key() + '\n' + other.definition);
  }
}
