package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.StepResult;
import java.util.Arrays;
import java.util.List;
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
          "insert or update on table \"(?<table>.+?)\" violates foreign key constraint .*?Key \\((?<columns>.+?)\\)=\\(",
          Pattern.DOTALL);

  private static final Pattern CHECKED = Pattern.compile("FOREIGN KEY \\((?<columns>.+?)\\) .*");

  private MadeUpNumber() {}

  /**
   * Whether nothing but such a number may be what a step failed on: the column was there before it,
   * and no foreign key had all rows of it in order.
   *
   * @param before what was there before the step
   */
  static boolean mayBeBlamedFor(StepResult step, Catalog before) {
    if (!step.state().equals(FOREIGN_KEY_VIOLATION)) {
      return false;
    }
    Matcher refused = REFUSED.matcher(step.error());
    if (!refused.find()) {
      return false;
    }
    String table = refused.group("table");
    List<String> columns = Arrays.asList(refused.group("columns").split(", ", -1));
    List<SchemaObject> parts =
        before.objects().stream().filter(part -> plain(part.table()).equals(table)).toList();
    return columns.stream()
        .allMatch(
            column ->
                parts.stream()
                        .anyMatch(
                            part ->
                                part.kind().equals("column") && plain(part.name()).equals(column))
                    && parts.stream().noneMatch(part -> checks(part, column)));
  }

  private static boolean checks(SchemaObject part, String column) {
    Matcher key = CHECKED.matcher(part.definition());
    return part.kind().equals("constraint")
        && key.matches()
        && !part.definition().contains(" NOT VALID")
        && Arrays.stream(key.group("columns").split(", ", -1))
            .anyMatch(name -> plain(name).equals(column));
  }

  /** The last part of a name that may be qualified and quoted. */
  private static String plain(String name) {
    return name.replaceFirst("^(\"[^\"]*\"|[^\".]*)\\.", "").replace("\"", "");
  }
}
