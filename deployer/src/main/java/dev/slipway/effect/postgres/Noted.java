package dev.slipway.effect.postgres;

import dev.slipway.catalog.SchemaObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was noted since the last time.
 *
 * @param changed the oids of what was made or changed
 * @param dropped the oids of what was dropped
 * @param groups the objects of the groups among those that changed, by the oid of the group
 * @param owners the group of each part of them, by oid
 * @param versions what stands in alembic's version table
 * @param plain whether the groups are all that may be defined otherwise now
 * @param unfinished work that was begun and not ended, when that was asked for
 */
record Noted(
    Set<Long> changed,
    Set<Long> dropped,
    Map<Long, Set<SchemaObject>> groups,
    Map<Long, Long> owners,
    Set<String> versions,
    boolean plain,
    Optional<List<Unfinished>> unfinished) {

  Noted {
    changed = Set.copyOf(changed);
    dropped = Set.copyOf(dropped);
    groups = Map.copyOf(groups);
    owners = Map.copyOf(owners);
    versions = Set.copyOf(versions);
    unfinished = unfinished.map(List::copyOf);
  }
}
