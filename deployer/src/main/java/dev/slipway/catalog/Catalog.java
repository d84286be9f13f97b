package dev.slipway.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a database holds besides rows; alembic's own table and what belongs to extensions left out.
 *
 * <p>Objects come in groups, such as a table with its columns and indexes: between two looks most
 * groups are the same instance, and are not compared.
 */
public final class Catalog {

  private final Map<Long, Set<SchemaObject>> groups;

  /** A catalog of groups, by the oid of what they belong to. */
  public Catalog(Map<Long, Set<SchemaObject>> groups) {
    this.groups = Map.copyOf(groups);
  }

  /** A catalog of one group. */
  public static Catalog of(Set<SchemaObject> objects) {
    return new Catalog(Map.of(0L, objects));
  }

  /** Every object, in order. */
  public Set<SchemaObject> objects() {
    Set<SchemaObject> objects = new TreeSet<>();
    groups.values().forEach(objects::addAll);
    return objects;
  }

  /** How many groups it has. */
  public int size() {
    return groups.size();
  }

  /** What this one has and the other has not, without the parts of a table that is itself named. */
  public List<SchemaObject> without(Catalog other) {
    Map<String, SchemaObject> theirs = other.notSharedWith(this);
    List<SchemaObject> more =
        notSharedWith(other).values().stream()
            .filter(object -> !theirs.containsKey(object.key()))
            .toList();
    Set<String> tables = new HashSet<>();
    more.stream().filter(SchemaObject::hasParts).forEach(table -> tables.add(table.name()));
    return more.stream().filter(object -> !tables.contains(object.table())).sorted().toList();
  }

  /** What both have, but defined otherwise here. */
  public List<Change> changedSince(Catalog other) {
    Map<String, SchemaObject> theirs = other.notSharedWith(this);
    List<Change> changes = new ArrayList<>();
    for (SchemaObject mine : new TreeSet<>(notSharedWith(other).values())) {
      SchemaObject before = theirs.get(mine.key());
      if (before != null && !before.equals(mine)) {
        changes.add(new Change(before, mine));
      }
    }
    return changes;
  }

  /**
   * An object that is defined otherwise than before.
   *
   * @param before as it was
   * @param now as it is
   */
  public record Change(SchemaObject before, SchemaObject now) {}

  private Map<String, SchemaObject> notSharedWith(Catalog other) {
    Map<String, SchemaObject> objects = new HashMap<>();
    groups.forEach(
        (oid, group) -> {
          if (!same(group, other.groups.get(oid))) {
            add(group, objects);
          }
        });
    return objects;
  }

  @SuppressWarnings("ReferenceEquality") // An unchanged group is the same instance.
  private static boolean same(Set<SchemaObject> group, @Nullable Set<SchemaObject> other) {
    return group == other || Objects.equals(group, other);
  }

  private static void add(Collection<SchemaObject> group, Map<String, SchemaObject> objects) {
    group.forEach(object -> objects.put(object.key(), object));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Catalog catalog
        && (groups.equals(catalog.groups) || objects().equals(catalog.objects()));
  }

  @Override
  public int hashCode() {
    return objects().hashCode();
  }

  @Override
  public String toString() {
    return objects().toString();
  }
}
