package dev.slipway.deploy.database;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The backups that stay however old they are.
 *
 * @param schemas the revisions of which the newest backup stays
 * @param names those that stay by their names
 */
public record NeededBackups(Set<String> schemas, Set<String> names) {

  /** Copies. */
  public NeededBackups {
    schemas = Set.copyOf(schemas);
    names = Set.copyOf(names);
  }

  /** These and one more. */
  public NeededBackups and(String name) {
    Set<String> more = new HashSet<>(names);
    more.add(name);
    return new NeededBackups(schemas, more);
  }

  /** Their names among those that are there, the oldest of which comes first. */
  Set<String> among(List<BackupFile> all) {
    Set<String> staying = new HashSet<>(names);
    for (String schema : schemas) {
      all.stream()
          .filter(file -> file.holds(schema))
          .reduce((older, newer) -> newer)
          .ifPresent(file -> staying.add(file.name()));
    }
    return staying;
  }
}
