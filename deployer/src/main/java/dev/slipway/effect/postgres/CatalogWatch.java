package dev.slipway.effect.postgres;

import dev.slipway.catalog.Catalog;
import dev.slipway.catalog.SchemaObject;
import java.sql.Array;
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

/**
 * A catalog that is kept up to date at the cost of what changed, not of what there is: event
 * triggers note what each statement touches, and just that and what depends on it is read again.
 *
 * @see <a href="https://www.postgresql.org/docs/current/event-trigger-definition.html">Event
 *     triggers</a>
 */
public final class CatalogWatch {

  /**
   * An oid that stands for everything: grants name no object, a detached partition is not named
   * beside its former parent, and a schema's name stands in every definition.
   */
  private static final long EVERYTHING = 0;

  private static final String INSTALL =
      """
      create schema if not exists @own;
      create unlogged table @own.touched (object oid, dropped boolean);
      create function @own.note_command() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
        begin
          insert into @own.touched
            select distinct case
                when classid = 'pg_namespace'::regclass then 0
                when exists (select from pg_class c where c.oid = objid and (c.relkind = 'p' or c.relhassubclass)) then 0
                else coalesce(objid, 0) end, false
              from pg_event_trigger_ddl_commands();
        end $$;
      create function @own.note_drop() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
        begin
          insert into @own.touched
            select distinct case when classid = 'pg_publication_rel'::regclass then 0 else objid end,
                objsubid = 0 and classid <> 'pg_publication_rel'::regclass
              from pg_event_trigger_dropped_objects();
        end $$;
      create event trigger @own_command on ddl_command_end execute function @own.note_command();
      create event trigger @own_drop on sql_drop execute function @own.note_drop();
      set jit = off;
      set plan_cache_mode = force_generic_plan;
      """
          .replace("@own", DatabaseSession.OWN_SCHEMA);

  private static final String TAKE =
      "delete from @own.touched returning object, dropped"
          .replace("@own", DatabaseSession.OWN_SCHEMA);

  /**
   * What depends on them and is a group itself, or belongs to one: the name of a type stands in
   * each of its columns.
   */
  private static final String DEPENDENTS =
      """
      with touched as (select unnest(?::oid[]) as oid),
      source as (select oid from touched union select typarray from pg_type t where t.oid in (select oid from touched) and typarray <> 0),
      part as (
        select oid from touched
        union select objid from pg_depend where refobjid in (select oid from source) and deptype in ('n', 'a', 'i'))
      select oid from part
      union select indrelid from pg_index where indexrelid in (select oid from part)
      union select conrelid from pg_constraint where oid in (select oid from part)
      union select contypid from pg_constraint where oid in (select oid from part)
      union select tgrelid from pg_trigger where oid in (select oid from part)
      union select ev_class from pg_rewrite where oid in (select oid from part)
      union select adrelid from pg_attrdef where oid in (select oid from part)
      union select polrelid from pg_policy where oid in (select oid from part)
      union select prpubid from pg_publication_rel where oid in (select oid from part)
      union select stxrelid from pg_statistic_ext where oid in (select oid from part)
      """;

  private final Connection connection;
  private final Map<Long, Set<SchemaObject>> groups = new HashMap<>();
  private final Map<Long, Long> owners = new HashMap<>();
  private final PreparedStatement take;
  private final PreparedStatement dependents;
  private final PreparedStatement some;

  CatalogWatch(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      statement.execute(INSTALL);
    }
    this.take = connection.prepareStatement(TAKE);
    this.dependents = connection.prepareStatement(DEPENDENTS);
    this.some = connection.prepareStatement(CatalogQuery.SOME);
    readAll();
  }

  /** The catalog now. */
  public Catalog look() {
    try {
      Set<Long> changed = new HashSet<>();
      Set<Long> dropped = new HashSet<>();
      take(changed, dropped);
      if (changed.contains(EVERYTHING)) {
        readAll();
      } else if (!changed.isEmpty() || !dropped.isEmpty()) {
        readSome(changed, dropped);
      }
      return new Catalog(groups);
    } catch (SQLException e) {
      throw DatabaseSession.translated("that is watched", e);
    }
  }

  /**
   * Reads everything, and tells whether that is what the watch had seen: what PostgreSQL tells no
   * event trigger of would escape it.
   */
  public boolean sawEverything() {
    Catalog seen = look();
    try {
      readAll();
    } catch (SQLException e) {
      throw DatabaseSession.translated("that is watched", e);
    }
    return seen.equals(new Catalog(groups));
  }

  private void take(Set<Long> changed, Set<Long> dropped) throws SQLException {
    try (ResultSet rows = take.executeQuery()) {
      while (rows.next()) {
        (rows.getBoolean(2) ? dropped : changed).add(rows.getLong(1));
      }
    }
  }

  private void readAll() throws SQLException {
    groups.clear();
    owners.clear();
    CatalogReader.all(connection, groups, owners);
  }

  private void readSome(Set<Long> changed, Set<Long> dropped) throws SQLException {
    Set<Long> wanted = new HashSet<>(changed);
    for (Long oid : dropped) {
      Long group = owners.remove(oid);
      if (Objects.equals(group, oid)) {
        groups.remove(oid);
      } else if (group != null) {
        wanted.add(group);
      }
    }
    wanted.removeAll(dropped);
    if (wanted.isEmpty()) {
      return;
    }
    wanted.addAll(dependents(wanted));
    wanted.forEach(groups::remove);
    Array oids = connection.createArrayOf("oid", wanted.toArray());
    for (int i = 1; i <= CatalogQuery.PARAMETERS; i++) {
      some.setArray(i, oids);
    }
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
