package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The roles of a server. All its databases share them, so that a revision that makes one goes well
 * in a single database, unless those of the others are put aside.
 *
 * @param names by oid
 */
public record Roles(Map<Long, String> names) {

  private static final String QUERY = "select oid, rolname from pg_roles where rolname !~ '^pg_'";
  private static final String ASIDE = "slipway_aside_";

  /** Copies. */
  public Roles {
    names = Map.copyOf(names);
  }

  static Roles read(Connection connection) throws SQLException {
    Map<Long, String> names = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        names.put(rows.getLong(1), rows.getString(2));
      }
    }
    return new Roles(names);
  }

  /** Gives these their names back, and every other one a name that no migration asks for. */
  void restore(Connection connection) throws SQLException {
    List<String> aside = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (Map.Entry<Long, String> role : read(connection).names.entrySet()) {
      String free = ASIDE + role.getKey();
      String wanted = names.getOrDefault(role.getKey(), free);
      if (wanted.equals(role.getValue())) {
        continue;
      }
      if (!role.getValue().equals(free)) {
        aside.add(renaming(role.getValue(), free));
      }
      if (!wanted.equals(free)) {
        back.add(renaming(free, wanted));
      }
    }
    try (Statement statement = connection.createStatement()) {
      for (String renaming : aside) {
        statement.execute(renaming);
      }
      for (String renaming : back) {
        statement.execute(renaming);
      }
    }
  }

  private static String renaming(String from, String to) {
    return "alter role %s rename to %s".formatted(quoted(from), quoted(to));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
