package dev.slipway.pipeline.migrations;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The databases that tests gave a schema, as PostgreSQL's log tells.
 *
 * @param migrated those that alembic brought to a revision
 * @param others those that were given tables and never came there
 */
record TestDatabases(Set<String> migrated, Set<String> others) {

  private static final Pattern LINE =
      Pattern.compile("(?<database>.*?) LOG:  (?:statement|execute [^:]*):\\s*(?<sql>.*)");
  private static final Pattern TABLE = Pattern.compile("(?i)CREATE (?:UNLOGGED )?TABLE\\b.*");

  /** Copies. */
  TestDatabases {
    migrated = Set.copyOf(migrated);
    others = Set.copyOf(others);
  }

  /**
   * Reads the log.
   *
   * @param revision where alembic should come to
   */
  static TestDatabases of(String log, String revision) {
    Pattern version =
        Pattern.compile(
            "(?i)(?:INSERT|UPDATE) .*version_num(?:\\) VALUES \\(| ?= ?)'"
                + Pattern.quote(revision)
                + "'.*");
    Set<String> migrated = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    for (String line : log.replace("\n\t", " ").lines().toList()) {
      Matcher statement = LINE.matcher(line);
      if (!statement.matches()) {
        continue;
      }
      if (version.matcher(statement.group("sql")).matches()) {
        migrated.add(statement.group("database"));
      } else if (TABLE.matcher(statement.group("sql")).matches()) {
        others.add(statement.group("database"));
      }
    }
    others.removeAll(migrated);
    return new TestDatabases(migrated, others);
  }
}
