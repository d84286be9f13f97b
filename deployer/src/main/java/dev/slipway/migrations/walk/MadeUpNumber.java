package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.StepResult;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number that Slipway made up for a column without a foreign key, which is no evidence against a
 * revision that gives the column one.
 */
final class MadeUpNumber {

  private static final String FOREIGN_KEY_VIOLATION = "23503";

  private static final Pattern REFUSED =
      Pattern.compile(
          "insert or update on table \"(?<table>.+?)\" violates foreign key constraint"
              + " .*?Key \\((?<columns>.+?)\\)=\\((?<values>.*?)\\) is not present in table ",
          Pattern.DOTALL);

  private static final Pattern CHECKED = Pattern.compile("FOREIGN KEY \\((?<columns>.+?)\\) .*");

  private static final Pattern SCHEMA = Pattern.compile("^(\"[^\"]*\"|[^\".]*)\\.");

  /** What brings a value from one column to another. */
  private static final Pattern MOVES =
      Pattern.compile("\\b(rename|update|insert|merge)\\b", Pattern.CASE_INSENSITIVE);

  private final List<String> moves;
  private final List<SchemaObject> before;
  private final Stored stored;
  private final String table;

  private MadeUpNumber(StepResult step, Catalog before, Stored stored, String table) {
    this.moves = step.statements().stream().filter(sql -> MOVES.matcher(sql).find()).toList();
    this.before = List.copyOf(before.objects());
    this.stored = stored;
    this.table = table;
  }

  /** What stood in the rows before a step. */
  interface Stored {

    /**
     * Whether one of them had a value, and nobody has written it since.
     *
     * @param table as SQL writes it
     * @param column as the catalog has it
     */
    boolean had(String table, String column, String value);
  }

  /**
   * Whether nothing but such a number may be what a step failed on: no foreign key had all rows of
   * the column in order, and the number stood in it before, or in one from which the step may have
   * it, as it renames that one or copies it.
   *
   * @param before what was there before the step
   * @param stored which rows
   */
  static boolean mayBeBlamedFor(StepResult step, Catalog before, Stored stored) {
    if (!step.state().equals(FOREIGN_KEY_VIOLATION)) {
      return false;
    }
    Matcher refused = REFUSED.matcher(step.error());
    if (!refused.find()) {
      return false;
    }
    List<String> columns = Arrays.asList(refused.group("columns").split(", ", -1));
    List<String> values = Arrays.asList(refused.group("values").split(", ", -1));
    MadeUpNumber number = new MadeUpNumber(step, before, stored, refused.group("table"));
    for (int i = 0; i < columns.size(); i++) {
      // Texts with commas in them cannot be told apart, and the whole is in no column.
      String value = values.size() == columns.size() ? values.get(i) : refused.group("values");
      if (!number.stoodWhereNoForeignKeyWas(columns.get(i), value)) {
        return false;
      }
    }
    return true;
  }

  private boolean stoodWhereNoForeignKeyWas(String column, String value) {
    return before.stream()
            .noneMatch(part -> plain(part.table()).equals(table) && checks(part, column))
        && before.stream()
            .filter(part -> part.kind().equals("column"))
            .filter(part -> before.stream().noneMatch(key -> checks(key, part)))
            .filter(part -> mayBecome(part, column))
            .anyMatch(part -> stood(part, column, value));
  }

  /** Whether it is the refused column, or one whose values the step may bring there. */
  private boolean mayBecome(SchemaObject part, String column) {
    String from = plain(part.table());
    String name = plain(part.name());
    boolean same = from.equals(table) || isMoved(List.of(from, table));
    return same
        ? name.equals(column) || isMoved(List.of(name, column))
        : isMoved(List.of(from, table, name, column));
  }

  private boolean isMoved(List<String> names) {
    return moves.stream().anyMatch(sql -> names.stream().allMatch(name -> names(sql, name)));
  }

  private static boolean names(String sql, String name) {
    return Pattern.compile(
            "(?<![\\w$])" + Pattern.quote(name) + "(?![\\w$])", Pattern.CASE_INSENSITIVE)
        .matcher(sql)
        .find();
  }

  /** What the step committed before it failed may have another name now. */
  private boolean stood(SchemaObject part, String column, String value) {
    Set<String> tables = new TreeSet<>(List.of(part.table(), schema(part.table()) + quoted(table)));
    Predicate<String> had =
        name -> tables.stream().anyMatch(known -> stored.had(known, name, value));
    return had.test(plain(part.name())) || had.test(column);
  }

  private static boolean checks(SchemaObject key, SchemaObject column) {
    return key.table().equals(column.table()) && checks(key, plain(column.name()));
  }

  private static boolean checks(SchemaObject part, String column) {
    Matcher key = CHECKED.matcher(part.definition());
    return part.kind().equals("constraint")
        && key.matches()
        && !part.definition().contains(" NOT VALID")
        && Arrays.stream(key.group("columns").split(", ", -1))
            .anyMatch(name -> plain(name).equals(column));
  }

  private static String schema(String name) {
    Matcher schema = SCHEMA.matcher(name);
    return schema.find() ? schema.group() : "";
  }

  /** The last part of a name that may be qualified and quoted. */
  private static String plain(String name) {
    return name.substring(schema(name).length()).replace("\"", "");
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
