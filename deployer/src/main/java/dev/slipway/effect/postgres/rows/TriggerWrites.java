package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Tables into which triggers write, such as one that keeps what was changed. */
public final class TriggerWrites {

  private static final String QUERY =
      """
      select exists (
        select from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = ?::regclass
        where not t.tgisinternal and t.tgrelid <> c.oid
          and p.prosrc ~* ('\\minsert\\s+into\\s+([\\w"]+\\.)?"?' || regexp_replace(c.relname, '(\\W)', '\\\\\\1', 'g') || '\\M'))
      """;

  private TriggerWrites() {}

  /** Whether the function of another table's trigger names it in an INSERT. */
  public static boolean into(Connection connection, String table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, table);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
