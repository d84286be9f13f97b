package dev.slipway.effect.postgres;

import dev.slipway.catalog.SchemaObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the notes for a {@link CatalogWatch}, and what they name, in one question. */
final class CatalogNotes {

  private final Connection connection;
  private final VersionTable versionTable;
  private @Nullable PreparedStatement withVersions;

  CatalogNotes(Connection connection, VersionTable versionTable) {
    this.connection = connection;
    this.versionTable = versionTable;
  }

  /** The version table is looked for only as long as it is not known, or is gone. */
  Noted take() throws SQLException {
    PreparedStatement known = withVersions;
    if (known != null) {
      try {
        return read(known);
      } catch (SQLException e) {
        if (!VersionTable.isMissing(e)) {
          throw e;
        }
        known.close();
        withVersions = null;
      }
    }
    Optional<String> table = versionTable.name();
    PreparedStatement noted = connection.prepareStatement(CatalogNotesSql.noted(table));
    if (table.isPresent()) {
      withVersions = noted;
      return read(noted);
    }
    try (noted) {
      return read(noted);
    }
  }

  private static Noted read(PreparedStatement statement) throws SQLException {
    Set<Long> changed = new HashSet<>();
    Set<Long> dropped = new HashSet<>();
    Set<String> versions = new HashSet<>();
    Map<Long, Set<SchemaObject>> groups = new HashMap<>();
    Map<Long, Long> owners = new HashMap<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        switch (rows.getString(3)) {
          case "changed" -> changed.add(rows.getLong(1));
          case "dropped" -> dropped.add(rows.getLong(1));
          case "version" -> versions.add(rows.getString(5));
          default -> CatalogReader.readOne(rows, groups, owners);
        }
      }
    }
    return new Noted(changed, dropped, groups, owners, versions);
  }
}
