package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes of every statement that would change a schema, also of one that changes nothing, such as
 * {@code CREATE TABLE IF NOT EXISTS}, and of one that is taken back: a sequence keeps counting.
 */
final class DdlNotes {

  private static final String INSTALL =
      """
      @create_own
      create unlogged table @own.ddl (statement text);
      create sequence @own.ddl_count;
      create function @own.note_ddl() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
        begin
          perform nextval('@own.ddl_count');
          insert into @own.ddl values (left(regexp_replace(current_query(), '\\s+', ' ', 'g'), 200));
        end $$;
      create event trigger @own_ddl on ddl_command_start execute function @own.note_ddl();
      alter event trigger @own_ddl enable always;
      """
          .replace("@create_own", OwnSchema.CREATION)
          .replace("@own", OwnSchema.NAME);

  private static final String COUNT =
      "select case when is_called then last_value else 0 end from " + OwnSchema.NAME + ".ddl_count";

  private DdlNotes() {}

  static void begin(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(INSTALL);
    }
  }

  static List<String> read(Connection connection) throws SQLException {
    List<String> noted =
        new ArrayList<>(
            DatabaseSession.strings(
                connection, "select statement from " + OwnSchema.NAME + ".ddl"));
    int takenBack =
        Integer.parseInt(DatabaseSession.strings(connection, COUNT).get(0)) - noted.size();
    if (takenBack > 0) {
      noted.add(takenBack + " that were rolled back");
    }
    return noted;
  }
}
