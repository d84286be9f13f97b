package dev.slipway.ledger;

import dev.slipway.release.ReleaseManifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What the ledger tells, oldest event first.
 *
 * @param entries every event
 */
public record History(List<LedgerEntry> entries) {

  /** Copies. */
  public History {
    entries = List.copyOf(entries);
  }

  /** The same events, each with its reason changed. */
  public History withReasons(UnaryOperator<String> change) {
    return new History(
        entries.stream().map(entry -> entry.withReason(entry.reason().map(change))).toList());
  }

  /** The release that serves, as far as Slipway knows. */
  public Optional<ReleaseManifest> current() {
    return serving().map(LedgerEntry::release);
  }

  /** The event that brought the release that serves into service. */
  public Optional<LedgerEntry> serving() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).served()) {
        return Optional.of(entries.get(i));
      }
    }
    return Optional.empty();
  }

  /** What the last run that looked has left, by service; empty when none ever looked. */
  public Map<String, Footprint> footprints() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (!entries.get(i).footprints().isEmpty()) {
        return entries.get(i).footprints();
      }
    }
    return Map.of();
  }

  /** Whether the release that serves lacks something that comes after the gate. */
  public boolean leftSomethingUndone() {
    return serving().map(LedgerEntry::leftSomethingUndone).orElse(false);
  }

  /**
   * Whether what runs was deployed without Slipway: nothing that it shipped has ever served, and
   * its last attempt, if there was one, left what ran before.
   */
  public boolean leavesWhatWasDeployedByHand() {
    return current().isEmpty()
        && (entries.isEmpty() || entries.get(entries.size() - 1).serving().isPresent());
  }

  /**
   * What a rollback goes to: the last release that served before the current one and was not itself
   * abandoned; the current one, where an attempt has left nobody knowing what serves.
   */
  public Optional<ReleaseManifest> previous() {
    return endedUnknown() ? current() : beforeCurrent();
  }

  /** The last release that served before the current one and was not itself abandoned. */
  public Optional<ReleaseManifest> beforeCurrent() {
    return current().flatMap(current -> before(current.commit(), abandoned()));
  }

  /** An attempt that failed before it swapped anything has left what the one before it left. */
  private boolean endedUnknown() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      LedgerEntry entry = entries.get(i);
      if (entry.action() != LedgerEntry.Action.RESTORE
          && entry.outcome() != LedgerEntry.Outcome.FAILED) {
        return entry.outcome() == LedgerEntry.Outcome.UNKNOWN;
      }
    }
    return false;
  }

  private Optional<ReleaseManifest> before(String commit, Set<String> abandoned) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      String served = entries.get(i).release().commit();
      if (entries.get(i).served() && !served.equals(commit) && !abandoned.contains(served)) {
        return Optional.of(entries.get(i).release());
      }
    }
    return Optional.empty();
  }

  /**
   * The releases whose images must stay once this commit serves: those that served before it,
   * newest first, and the one that a rollback would go to then.
   *
   * @param before how many that served before
   */
  public List<ReleaseManifest> kept(String wanted, int before) {
    Map<String, ReleaseManifest> kept = new LinkedHashMap<>();
    for (int i = entries.size() - 1; i >= 0 && kept.size() < before; i--) {
      LedgerEntry entry = entries.get(i);
      if (entry.served() && !entry.release().commit().equals(wanted)) {
        kept.putIfAbsent(entry.release().commit(), entry.release());
      }
    }
    if (release(wanted).isPresent()) {
      Set<String> left = abandoned();
      current()
          .map(ReleaseManifest::commit)
          .filter(commit -> isOlder(wanted, commit))
          .ifPresent(left::add);
      before(wanted, left).ifPresent(release -> kept.putIfAbsent(release.commit(), release));
    }
    return List.copyOf(kept.values());
  }

  /** The last release that served under this commit or the beginning of one. */
  public Optional<ReleaseManifest> release(String commit) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).served() && entries.get(i).release().commit().startsWith(commit)) {
        return Optional.of(entries.get(i).release());
      }
    }
    return Optional.empty();
  }

  /**
   * The schema when all was last well, whatever was done then; as long as nothing has gone well,
   * the one that was found first. Empty when that is not known.
   */
  public Optional<String> schemaWhenLastWell() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).outcome() == LedgerEntry.Outcome.SERVING) {
        return entries.get(i).schemaAfter();
      }
    }
    return entries.stream().findFirst().flatMap(LedgerEntry::schemaBefore);
  }

  /**
   * The schema revisions of the releases that serve and that a rollback would go to, and the one on
   * which all was last well: a backup of each is what a way back may need.
   */
  public Set<String> schemasOfTheWayBack() {
    Set<String> schemas = new TreeSet<>();
    schemaWhenLastWell().ifPresent(schemas::add);
    current().flatMap(ReleaseManifest::schemaRevision).ifPresent(schemas::add);
    beforeCurrent().flatMap(ReleaseManifest::schemaRevision).ifPresent(schemas::add);
    return schemas;
  }

  /**
   * What is known to fail when this release's code comes back onto a schema: each release that was
   * deployed since, and each that failed when it had moved the schema, tells what the code before
   * it cannot do on its own.
   *
   * @param schema what the database is at
   */
  public List<String> failsOnTheSchema(ReleaseManifest earlier, Optional<String> schema) {
    if (earlier.schemaRevision().equals(schema)) {
      return List.of();
    }
    List<String> failing = new ArrayList<>();
    for (int i = entries.size() - 1; i >= 0; i--) {
      LedgerEntry entry = entries.get(i);
      if (entry.action() != LedgerEntry.Action.DEPLOY) {
        continue;
      }
      if (entry.served() && entry.release().commit().equals(earlier.commit())) {
        break;
      }
      if (entry.served() || !entry.schemaBefore().equals(entry.schemaAfter())) {
        failing.addAll(entry.release().previousFails());
      }
    }
    return failing.stream().distinct().toList();
  }

  /** Who goes back leaves what came later; who returns to what came later abandons nothing. */
  private Set<String> abandoned() {
    Set<String> abandoned = new HashSet<>();
    Optional<String> serving = Optional.empty();
    for (LedgerEntry entry : entries) {
      if (!entry.served()) {
        continue;
      }
      if (entry.action() == LedgerEntry.Action.ROLLBACK) {
        serving
            .filter(commit -> isOlder(entry.release().commit(), commit))
            .ifPresent(abandoned::add);
      }
      abandoned.remove(entry.release().commit());
      serving = Optional.of(entry.release().commit());
    }
    return abandoned;
  }

  /** Whether the first of two releases that served did so before the other ever had. */
  private boolean isOlder(String commit, String other) {
    List<String> served =
        entries.stream()
            .filter(LedgerEntry::served)
            .map(entry -> entry.release().commit())
            .distinct()
            .toList();
    return served.indexOf(commit) < served.indexOf(other);
  }
}
