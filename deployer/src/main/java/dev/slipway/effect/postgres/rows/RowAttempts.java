package dev.slipway.effect.postgres.rows;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private final Table table;
  private final Map<Column, List<@Nullable String>> options = new LinkedHashMap<>();
  private final Map<Column, Integer> places = new LinkedHashMap<>();
  private final Set<Column> varied = new LinkedHashSet<>();
  private int tried;
  private boolean exhausted;

  /**
   * Attempts for a row.
   *
   * @param references values of the columns that refer to other rows
   * @param newest whether to take the last of the values that a column lists
   * @param sparse whether to leave null what may be null
   */
  RowAttempts(
      Table table,
      Map<String, @Nullable String> references,
      int number,
      boolean newest,
      boolean sparse) {
    this.table = table;
    for (Column column : table.columns()) {
      if (references.containsKey(column.name())) {
        List<@Nullable String> only = new ArrayList<>();
        only.add(references.get(column.name()));
        if (!column.required()) {
          only.add(null); // where a row may refer to one of two tables only
        }
        options.put(column, only);
      } else if (!column.defaulted()
          && !(column.constant() && !table.unique().contains(column.name()))) {
        List<@Nullable String> values = values(column, number, newest, sparse);
        exhausted |= values.isEmpty();
        options.put(column, values);
      }
    }
  }

  private List<@Nullable String> values(Column column, int number, boolean newest, boolean sparse) {
    List<@Nullable String> values = new ArrayList<>();
    if (sparse && !column.required()) {
      values.add(null);
    }
    List<CheckRule> checks =
        table.checks().stream().filter(check -> check.columns().contains(column.name())).toList();
    List<String> allowed =
        checks.stream().flatMap(check -> check.allowed(column.name()).stream()).distinct().toList();
    List<String> listed = allowed.isEmpty() && !column.array() ? column.labels() : allowed;
    if (newest && !listed.isEmpty()) {
      values.add(listed.get(listed.size() - 1));
    }
    for (int i = 0; i < allowed.size(); i++) {
      values.add(allowed.get((i + number) % allowed.size()));
    }
    List<String> candidates = ValueSource.candidates(column, number);
    candidates.stream().limit(1).forEach(values::add);
    checks.stream().flatMap(check -> ValueSource.suggestions(check, number)).forEach(values::add);
    candidates.stream().skip(1).forEach(values::add);
    if (!sparse && !column.required()) {
      values.add(null);
    }
    return values;
  }

  boolean hasNext() {
    return !exhausted && tried < MOST;
  }

  Map<Column, @Nullable String> next() {
    tried++;
    Map<Column, @Nullable String> row = new LinkedHashMap<>();
    options.forEach((column, values) -> row.put(column, values.get(place(column))));
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
