package dev.slipway.effect.postgres.rows;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/**
 * The values to try for one row: the likeliest first, then, column by column, whatever else the
 * constraint that refused may take.
 */
final class RowAttempts {

  private static final int MOST = 400;

  /** As long as the defaults themselves are left to be tried. */
  private static final int MOST_IN_PLACE_OF_DEFAULTS = 20;

  /** As long as rows of small letters alone are left to be tried. */
  private static final int MOST_WITH_CAPITALS = 5;

  /** A number that no row is made of. */
  private static final int UNUSED = 31_007;

  /** Stands for a column's own default; no text of PostgreSQL's can hold it. */
  private static final String DEFAULT = "\0";

  /** A text, JSON or array with a default has a meaning that no made-up value has. */
  private static final String VARIED_CATEGORIES = "BDENT";

  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "citext");

  private final Table table;
  private final int most;
  private final Map<Column, List<@Nullable String>> options = new LinkedHashMap<>();
  private final Map<Column, Integer> places = new LinkedHashMap<>();
  private final Set<Column> varied = new LinkedHashSet<>();
  private int tried;
  private boolean exhausted;

  /** How the rows of a table differ. */
  enum Flavour {
    /** It has the last of the values that a column lists, also where that is not the default. */
    NEWEST,
    /** It has the defaults. */
    DEFAULT,
    /** It has null where it may, and other values than the defaults. */
    SPARSE
  }

  /**
   * Attempts for a row.
   *
   * @param references values of the columns that refer to other rows
   * @param defaults whether every column with a default that is a constant keeps it
   */
  RowAttempts(
      Table table,
      Map<String, @Nullable String> references,
      int number,
      Flavour flavour,
      boolean defaults) {
    this(table, references, number, flavour, defaults, defaults ? MOST : MOST_IN_PLACE_OF_DEFAULTS);
  }

  private RowAttempts(
      Table table,
      Map<String, @Nullable String> references,
      int number,
      Flavour flavour,
      boolean defaults,
      int most) {
    this.table = table;
    this.most = most;
    boolean newest = flavour == Flavour.NEWEST;
    boolean sparse = flavour == Flavour.SPARSE;
    for (Column column : table.columns()) {
      if (references.containsKey(column.name())) {
        List<@Nullable String> only = new ArrayList<>();
        only.add(references.get(column.name()));
        if (!column.required()) {
          only.add(null); // where a row may refer to one of two tables only
        }
        options.put(column, only);
      } else if (keepsDefault(table, column)) {
        if (!defaults && isVaried(table, column)) {
          options.put(column, inPlaceOfDefault(column, number, newest));
        }
      } else if (!column.defaulted()) {
        List<@Nullable String> values = values(column, number, newest, sparse);
        exhausted |= values.isEmpty();
        options.put(column, values);
      }
    }
  }

  /** The row with the defaults, with a capital letter in each text that may have one. */
  static RowAttempts withCapitals(
      Table table, Map<String, @Nullable String> references, int number) {
    RowAttempts attempts =
        new RowAttempts(table, references, number, Flavour.DEFAULT, true, MOST_WITH_CAPITALS);
    attempts.options.forEach(
        (column, values) -> {
          if (takesCapitals(table, column) && !references.containsKey(column.name())) {
            ValueSource.capitalised(column, number).ifPresent(text -> values.add(0, text));
          }
        });
    return attempts;
  }

  /** Whether a column of the table may have any text. */
  static boolean takesCapitals(Table table) {
    return table.columns().stream().anyMatch(column -> takesCapitals(table, column));
  }

  private static boolean takesCapitals(Table table, Column column) {
    return TEXTS.contains(column.base()) && !column.array() && !isListed(table, column);
  }

  /** Whether another row of the table can have other values where there is a default. */
  static boolean mayVary(Table table) {
    return table.columns().stream()
        .anyMatch(column -> keepsDefault(table, column) && isVaried(table, column));
  }

  /** Whether a column has a list of the values that it may take. */
  static boolean isListed(Table table, Column column) {
    return !allowed(table, column).isEmpty() || (!column.array() && !column.labels().isEmpty());
  }

  /** Values that a column may take, whatever default it has; the same each time. */
  static List<String> likely(Table table, Column column) {
    List<String> values = new ArrayList<>(allowed(table, column));
    if (values.isEmpty()) {
      values.addAll(column.array() ? List.of() : column.labels());
    }
    List<String> candidates = ValueSource.candidates(column, UNUSED);
    candidates.stream().limit(1).forEach(values::add);
    checks(table, column)
        .flatMap(check -> ValueSource.suggestions(check, UNUSED))
        .forEach(values::add);
    candidates.stream().skip(1).forEach(values::add);
    return values.stream().distinct().toList();
  }

  private static boolean keepsDefault(Table table, Column column) {
    return column.constant() && !table.unique().contains(column.name());
  }

  private static boolean isVaried(Table table, Column column) {
    return !allowed(table, column).isEmpty()
        || (!column.array() && VARIED_CATEGORIES.contains(column.category()));
  }

  private static List<String> allowed(Table table, Column column) {
    return checks(table, column)
        .flatMap(check -> check.allowed(column.name()).stream())
        .distinct()
        .toList();
  }

  private static Stream<CheckRule> checks(Table table, Column column) {
    return table.checks().stream().filter(check -> check.columns().contains(column.name()));
  }

  /** Small numbers, which most amounts, ranks and flags can be; two rows have different ones. */
  private List<@Nullable String> inPlaceOfDefault(Column column, int number, boolean newest) {
    int other = newest ? 1 : 2;
    List<@Nullable String> values =
        values(column, column.category().equals("N") ? other : number + other, newest, false);
    values.removeIf(Objects::isNull);
    values.add(Math.min(1, values.size()), DEFAULT);
    return values;
  }

  private List<@Nullable String> values(Column column, int number, boolean newest, boolean sparse) {
    List<@Nullable String> values = new ArrayList<>();
    if (sparse && !column.required()) {
      values.add(null);
    }
    List<String> allowed = allowed(table, column);
    List<String> listed = allowed.isEmpty() && !column.array() ? column.labels() : allowed;
    if (newest && !listed.isEmpty()) {
      values.add(listed.get(listed.size() - 1));
    }
    for (int i = 0; i < allowed.size(); i++) {
      values.add(allowed.get((i + number) % allowed.size()));
    }
    List<String> candidates = ValueSource.candidates(column, number);
    candidates.stream().limit(1).forEach(values::add);
    checks(table, column)
        .flatMap(check -> ValueSource.suggestions(check, number))
        .forEach(values::add);
    candidates.stream().skip(1).forEach(values::add);
    if (!sparse && !column.required()) {
      values.add(null);
    }
    return values;
  }

  boolean hasNext() {
    return !exhausted && tried < most;
  }

  Map<Column, @Nullable String> next() {
    tried++;
    Map<Column, @Nullable String> row = new LinkedHashMap<>();
    options.forEach((column, values) -> row.put(column, values.get(place(column))));
    row.values().removeIf(DEFAULT::equals);
    return row;
  }

  private int place(Column column) {
    return places.getOrDefault(column, 0);
  }

  /**
   * Learns from a refusal which columns to vary.
   *
   * @param notOfTheirType columns whose value cannot be right, whatever the constraints are
   */
  void refused(SQLException refusal, Set<Column> notOfTheirType) {
    for (Column column : notOfTheirType) {
      drop(column);
    }
    if (!notOfTheirType.isEmpty()) {
      return;
    }
    Set<Column> blamed = blamed(refusal);
    if (varied.addAll(blamed)) {
      places.clear();
    }
    advance();
  }

  private void drop(Column column) {
    List<@Nullable String> values = options.getOrDefault(column, new ArrayList<>());
    values.remove(place(column));
    places.remove(column);
    exhausted = exhausted || values.isEmpty();
  }

  private Set<Column> blamed(SQLException refusal) {
    Optional<ServerErrorMessage> message =
        refusal instanceof PSQLException server
            ? Optional.ofNullable(server.getServerErrorMessage())
            : Optional.empty();
    boolean taken = PSQLState.UNIQUE_VIOLATION.getState().equals(refusal.getSQLState());
    @Nullable String constraint = message.map(ServerErrorMessage::getConstraint).orElse(null);
    Set<Column> blamed = new LinkedHashSet<>();
    for (Column column : options.keySet()) {
      boolean named =
          table.checks().stream()
              .anyMatch(
                  check ->
                      check.name().equals(constraint) && check.columns().contains(column.name()));
      if (named || (taken && table.unique().contains(column.name()))) {
        blamed.add(column);
      }
    }
    if (blamed.isEmpty() && constraint == null) {
      blamed.addAll(options.keySet());
    }
    return blamed;
  }

  /** The next combination of the varied columns, like the digits of a number. */
  private void advance() {
    for (Column column : varied) {
      int next = place(column) + 1;
      if (next < options.getOrDefault(column, List.of()).size()) {
        places.put(column, next);
        return;
      }
      places.put(column, 0);
    }
    exhausted = true;
  }
}
