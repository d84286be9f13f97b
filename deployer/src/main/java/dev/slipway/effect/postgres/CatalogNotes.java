package dev.slipway.effect.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.catalog.SchemaObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the notes for a {@link CatalogWatch}, and what they name, in one question. */
final class CatalogNotes {

  private final Connection connection;
  private final VersionTable versionTable;
  private Optional<String> table = Optional.empty();
  private @Nullable PreparedStatement withVersions;

  CatalogNotes(Connection connection, VersionTable versionTable) {
    this.connection = connection;
    this.versionTable = versionTable;
  }

  /** The question as another session may put it, which has nothing to commit. */
  String question(boolean unfinished) {
    return CatalogNotesSql.question(table, unfinished);
  }

  /** Reads the answer to the question that another session has put. */
  Noted heard(String answer) throws SQLException {
    Noted noted = read(answer);
    if (table.isEmpty() && !noted.versions().isEmpty()) {
      table = versionTable.qualifiedName();
    }
    return noted;
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
    table = versionTable.qualifiedName();
    PreparedStatement noted = connection.prepareStatement(CatalogNotesSql.question(table, false));
    if (table.isPresent()) {
      withVersions = noted;
      return read(noted);
    }
    try (noted) {
      return read(noted);
    }
  }

  private static Noted read(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return read(rows.getString(1));
    }
  }

  /** Reads the answer to the question, whoever put it. */
  static Noted read(String answer) {
    JsonNode all = Json.tree(answer);
    JsonNode seen = all.path("seen");
    Map<Long, Set<SchemaObject>> groups = new HashMap<>();
    Map<Long, Long> owners = new HashMap<>();
    for (JsonNode object : seen.path("objects")) {
      CatalogReader.add(
          object.get(0).asLong(),
          object.get(1).asLong(),
          new SchemaObject(
              object.get(2).asText(),
              object.get(3).asText(),
              object.get(4).asText(),
              CatalogReader.compared(object.get(5).asText(""))),
          groups,
          owners);
    }
    Set<String> versions = new HashSet<>();
    all.path("versions").forEach(version -> versions.add(version.asText()));
    return new Noted(
        oids(seen.path("changed")),
        oids(seen.path("dropped")),
        groups,
        owners,
        versions,
        seen.path("plain").asBoolean(),
        unfinished(all.path("unfinished")));
  }

  private static Set<Long> oids(JsonNode array) {
    Set<Long> oids = new HashSet<>();
    array.forEach(oid -> oids.add(oid.asLong()));
    return oids;
  }

  private static Optional<List<Unfinished>> unfinished(JsonNode array) {
    if (array.isMissingNode()) {
      return Optional.empty();
    }
    List<Unfinished> found = new ArrayList<>();
    for (JsonNode work : array) {
      found.add(
          new Unfinished(Unfinished.Kind.valueOf(work.get(0).asText()), work.get(1).asText()));
    }
    return Optional.of(found);
  }
}
