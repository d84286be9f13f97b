package dev.slipway.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.release.ReleaseManifest;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One event on the server.
 *
 * @param at when it ended
 * @param action what was asked for
 * @param outcome how it ended
 * @param release the release that was to serve
 * @param serving the commit that served when it ended; absent when that is not known
 * @param schemaBefore the schema revision before
 * @param schemaAfter the schema revision after
 * @param by who asked, as user and machine or as the CI job's URL
 * @param seconds wall time in seconds
 * @param reason why it did not succeed
 * @param backup the name of the backup that was taken on the way, or restored
 * @param footprints what the run left, by service; none when that could not be seen, and in entries
 *     of old
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LedgerEntry(
    Instant at,
    Action action,
    Outcome outcome,
    ReleaseManifest release,
    Optional<String> serving,
    Optional<String> schemaBefore,
    Optional<String> schemaAfter,
    String by,
    long seconds,
    Optional<String> reason,
    Optional<String> backup,
    Map<String, Footprint> footprints) {

  /** Validates and copies. */
  public LedgerEntry {
    Objects.requireNonNull(action, "no action");
    Objects.requireNonNull(outcome, "no outcome");
    Objects.requireNonNull(release, "no release");
    footprints =
        Collections.unmodifiableMap(
            new TreeMap<>(Objects.requireNonNullElse(footprints, Map.of())));
  }

  /** What was asked for. */
  public enum Action {
    /** A release was to go out. */
    DEPLOY,
    /** An earlier release was to come back. */
    ROLLBACK,
    /** The database was to be what it was at a backup; the release stays. */
    RESTORE
  }

  /** How it ended. */
  public enum Outcome {
    /** The release serves. */
    SERVING,
    /** Nothing was swapped; what served before still serves. */
    FAILED,
    /** The release did not pass the gate; what served before serves again. */
    ROLLED_BACK,
    /** Nobody knows. */
    UNKNOWN
  }

  /** The same event with another reason. */
  LedgerEntry withReason(Optional<String> other) {
    return changed(other, footprints);
  }

  /** The same event with what it left. */
  public LedgerEntry withFootprints(Map<String, Footprint> left) {
    return changed(reason, left);
  }

  private LedgerEntry changed(Optional<String> otherReason, Map<String, Footprint> left) {
    return new LedgerEntry(
        at,
        action,
        outcome,
        release,
        serving,
        schemaBefore,
        schemaAfter,
        by,
        seconds,
        otherReason,
        backup,
        left);
  }

  /** Whether the release serves, but something after the gate was left undone. */
  @JsonIgnore
  public boolean leftSomethingUndone() {
    return served() && reason.isPresent();
  }

  /** Whether the release came into service. */
  @JsonIgnore
  public boolean served() {
    return outcome == Outcome.SERVING && action != Action.RESTORE;
  }
}
