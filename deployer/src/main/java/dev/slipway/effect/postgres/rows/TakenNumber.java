package dev.slipway.effect.postgres.rows;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number that another row has.
 *
 * @param column of which, unquoted
 * @param value the number
 */
record TakenNumber(String column, long value) {

  private static final Pattern KEY =
      Pattern.compile("\\((?<column>\\w+|\"(?:[^\"]|\"\")+\")\\)=\\((?<value>-?\\d{1,18})\\)");

  /** What PostgreSQL says of it; nothing where the key is not one number. */
  static Optional<TakenNumber> of(SQLException refusal) {
    return Refusal.detail(refusal)
        .map(KEY::matcher)
        .filter(Matcher::find)
        .map(
            key ->
                new TakenNumber(
                    Refusal.unquoted(key.group("column")), Long.parseLong(key.group("value"))));
  }
}
