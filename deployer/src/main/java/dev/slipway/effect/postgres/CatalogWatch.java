package dev.slipway.effect.postgres;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A catalog that is kept up to date at the cost of what changed, not of what there is: event
 * triggers note what each statement touches, and just that and what depends on it is read again.
 *
 * @see <a href="https://www.postgresql.org/docs/current/event-trigger-definition.html">Event
 *     triggers</a>
 */
public final class CatalogWatch {

  private static final Set<String> KNOWN_BY_THESE_NAMES = Set.of("table", "column", "identity");

  private final Connection connection;
  private final Map<Long, Set<SchemaObject>> groups = new HashMap<>();
  private final Map<Long, Long> owners = new HashMap<>();
  private final PreparedStatement all;
  private final PreparedStatement some;
  private final PreparedStatement dependents;
  private final CatalogNotes notes;
  private boolean missed;

  CatalogWatch(Connection connection, VersionTable versionTable) throws SQLException {
    this.connection = connection;
    CatalogQuery query = CatalogQuery.of(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(CatalogNotesSql.install(query));
    }
    this.all = connection.prepareStatement(query.all());
    this.some = connection.prepareStatement(CatalogNotesSql.SOME);
    this.dependents = connection.prepareStatement(CatalogNotesSql.DEPENDENTS);
    this.notes = new CatalogNotes(connection, versionTable);
    readAll();
  }

  /** The database now. */
  public Look look() {
    try {
      return look(notes.take(), true);
    } catch (SQLException e) {
      throw DatabaseSession.translated("that is watched", e);
    }
  }

  /**
   * What a session that changes the database may ask when it has nothing to commit, so that it need
   * not wait for this one to look.
   *
   * @param unfinished whether work is looked for, too, that was begun and not ended
   */
  public String question(boolean unfinished) {
    return notes.question(unfinished);
  }

  /**
   * The database as it was when somebody asked; each answer must come here, in their order.
   *
   * @param answer to the {@link #question}
   * @param unchanged whether nothing has been changed since, so that more may be asked; the one
   *     that asks changes nothing more when the answer does not tell all
   */
  public Look look(String answer, boolean unchanged) {
    try {
      return look(notes.heard(answer), unchanged);
    } catch (SQLException e) {
      throw DatabaseSession.translated("that is watched", e);
    }
  }

  /** Whether more should have been asked than could be. */
  public boolean missedSomething() {
    return missed;
  }

  private Look look(Noted noted, boolean unchanged) throws SQLException {
    apply(noted, unchanged || !noted.plain());
    return new Look(noted.versions(), new Catalog(groups), noted.unfinished());
  }

  /**
   * Reads everything, and tells whether that is what the watch had seen, by the same oids: what
   * PostgreSQL tells no event trigger of would escape it.
   */
  public boolean sawEverything() {
    look();
    Map<Long, Set<SchemaObject>> seen = Map.copyOf(groups);
    try {
      readAll();
    } catch (SQLException e) {
      throw DatabaseSession.translated("that is watched", e);
    }
    return !missed && seen.equals(groups);
  }

  /** A group that is as it was stays the same instance, which need not be compared again. */
  private void readAll() throws SQLException {
    Map<Long, Set<SchemaObject>> known = Map.copyOf(groups);
    groups.clear();
    owners.clear();
    try (ResultSet rows = all.executeQuery()) {
      CatalogReader.read(rows, groups, owners);
    }
    groups.replaceAll((oid, group) -> sameInstance(group, known.get(oid)));
  }

  private static Set<SchemaObject> sameInstance(
      Set<SchemaObject> group, @Nullable Set<SchemaObject> known) {
    return known != null && group.equals(known) ? known : group;
  }

  private void apply(Noted noted, boolean unchanged) throws SQLException {
    owners.putAll(noted.owners());
    if (noted.changed().contains(CatalogNotesSql.EVERYTHING)) {
      if (unchanged) {
        readAll();
      }
      missed |= !unchanged;
      return;
    }
    Set<Long> changed = new HashSet<>(noted.changed());
    changed.removeAll(noted.dropped());
    Set<Long> wanted = withoutThe(noted.dropped());
    wanted.removeAll(noted.groups().keySet());
    Set<Long> renamed = renamed(changed, noted.groups());
    if (unchanged && !renamed.isEmpty()) {
      wanted.addAll(dependents(renamed));
    }
    changed.forEach(groups::remove);
    groups.putAll(noted.groups());
    if (unchanged) {
      readSome(wanted);
    }
    missed |= !unchanged && !(wanted.isEmpty() && renamed.isEmpty());
  }

  /** What may have another name now, or is not a group itself, so that others may depend on it. */
  private Set<Long> renamed(Set<Long> changed, Map<Long, Set<SchemaObject>> found) {
    Set<Long> renamed = new HashSet<>(changed);
    renamed.removeIf(
        oid -> found.containsKey(oid) && !mayHaveOtherNames(groups.get(oid), found.get(oid)));
    return renamed;
  }

  /** Forgets the groups among them, and returns those that have lost a part. */
  private Set<Long> withoutThe(Set<Long> dropped) {
    Set<Long> smaller = new HashSet<>();
    for (Long oid : dropped) {
      Long group = owners.remove(oid);
      if (Objects.equals(group, oid)) {
        groups.remove(oid);
      } else if (group != null) {
        smaller.add(group);
      }
    }
    smaller.removeAll(dropped);
    return smaller;
  }

  /**
   * Whether what depends on a group may be defined otherwise now. For a table that takes another
   * name of it or of a column; a column that is dropped takes along what depends on it.
   */
  private static boolean mayHaveOtherNames(
      @Nullable Set<SchemaObject> before, @Nullable Set<SchemaObject> now) {
    if (before == null || now == null || before.equals(now)) {
      return false;
    }
    Set<String> earlier = namesForOthers(before);
    Set<String> later = namesForOthers(now);
    return earlier.isEmpty() || !(earlier.containsAll(later) || later.containsAll(earlier));
  }

  /** The names of a table and of its columns, or of an identity's; none of anything else. */
  private static Set<String> namesForOthers(Set<SchemaObject> group) {
    return group.stream()
        .filter(object -> KNOWN_BY_THESE_NAMES.contains(object.kind()))
        .map(object -> object.table() + "." + object.name())
        .collect(Collectors.toSet());
  }

  private void readSome(Set<Long> wanted) throws SQLException {
    if (wanted.isEmpty()) {
      return;
    }
    wanted.forEach(groups::remove);
    some.setArray(1, connection.createArrayOf("oid", wanted.toArray()));
    try (ResultSet rows = some.executeQuery()) {
      CatalogReader.read(rows, groups, owners);
    }
  }

  private Set<Long> dependents(Set<Long> oids) throws SQLException {
    Set<Long> found = new HashSet<>();
    dependents.setArray(1, connection.createArrayOf("oid", oids.toArray()));
    try (ResultSet rows = dependents.executeQuery()) {
      while (rows.next()) {
        found.add(rows.getLong(1));
      }
    }
    return found;
  }
}
