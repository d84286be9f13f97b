package dev.slipway.effect.postgres.rows;

import dev.slipway.effect.postgres.rows.Unfillable.Kind;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** Why PostgreSQL did not take a row, and whether it would take another one. */
final class Refusal {

  private static final String NAME = "(?:\\w+|\"(?:[^\"]|\"\")+\")";

  /** The columns of a key, as PostgreSQL writes them, and none where one is an expression. */
  private static final Pattern KEY = Pattern.compile("\\((@(?:, @)*)\\)=".replace("@", NAME));

  private static final Pattern COLUMN = Pattern.compile(NAME);

  /**
   * What depends on the values of the row, of PostgreSQL's error codes: classes 22 and 23, and what
   * a function raises, since many check values so.
   */
  private static final String ABOUT_VALUES = "2[23].*|P0001";

  private Refusal() {}

  static Unfillable of(SQLException refusal, Table table) {
    String reason = String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
    return new Unfillable(reason, kind(refusal, table));
  }

  private static Kind kind(SQLException refusal, Table table) {
    if (PSQLState.UNIQUE_VIOLATION.getState().equals(refusal.getSQLState())) {
      return detail(refusal).filter(key -> isFilledIn(key, table)).isPresent()
          ? Kind.NUMBER_TAKEN
          : Kind.FULL;
    }
    boolean inFunction = where(refusal).filter(at -> at.contains(" function ")).isPresent();
    return inFunction
            && !String.valueOf(refusal.getSQLState()).matches(ABOUT_VALUES)
            && !isSettingOfTheApplication(refusal)
        ? Kind.CLOSED
        : Kind.OTHER;
  }

  private static Optional<ServerErrorMessage> message(SQLException refusal) {
    return refusal instanceof PSQLException server
        ? Optional.ofNullable(server.getServerErrorMessage())
        : Optional.empty();
  }

  /** The functions and statements in which it came about. */
  static Optional<String> where(SQLException refusal) {
    return message(refusal).map(ServerErrorMessage::getWhere);
  }

  static Optional<String> detail(SQLException refusal) {
    return message(refusal).map(ServerErrorMessage::getDetail);
  }

  /** One that requests set for their transaction, as for row-level security or an audit. */
  private static boolean isSettingOfTheApplication(SQLException refusal) {
    return PSQLState.UNDEFINED_OBJECT.getState().equals(refusal.getSQLState())
        && String.valueOf(refusal.getMessage()).contains("configuration parameter");
  }

  /** Whether PostgreSQL itself fills in all that is taken, as from a sequence. */
  private static boolean isFilledIn(String detail, Table table) {
    Matcher key = KEY.matcher(detail);
    return key.find()
        && COLUMN
            .matcher(key.group(1))
            .results()
            .map(name -> unquoted(name.group()))
            .allMatch(name -> table.column(name).map(Column::defaulted).orElse(true));
  }

  static String unquoted(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }
}
