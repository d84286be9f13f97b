package dev.slipway.plan;

import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.Role;
import dev.slipway.release.ReleaseManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings the database to the schema of a release, after a backup, with what both need.
 *
 * @param database the service that is backed up: the platform's, whatever the compose file of the
 *     release says
 */
record MigrationSteps(
    Optional<String> database, BackupSettings.Mode backup, WantedServices wanted) {

  private static final String UNKNOWN = "%s does not run, and nothing else tells its revision";

  /** None where the schema is that already. */
  List<Step> steps() {
    ReleaseManifest release = wanted.release();
    if (isThere()) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      steps.add(
          new Step.StartServices(
              missing, "the migrations need " + (missing.size() == 1 ? "it" : "them")));
    }
    backUp().ifPresent(steps::add);
    String cause =
        state()
            .schemaRevision()
            .map(revision -> "the database is at " + revision)
            .orElse(
                isSilent()
                    ? "if it is not there yet: " + UNKNOWN.formatted(database.orElseThrow())
                    : "the database is empty");
    steps.add(
        new Step.Migrate(
            state().schemaRevision(),
            release.schemaRevision().orElseThrow(),
            cause + withoutBackup()));
    return steps;
  }

  /** The services that these start. */
  Set<String> started() {
    return isThere() ? Set.of() : Set.copyOf(missing());
  }

  private boolean isThere() {
    Optional<String> schema = wanted.release().schemaRevision();
    return schema.isEmpty() || schema.equals(state().schemaRevision());
  }

  /** Whether what it is at is not known, since it has to be started first. */
  private boolean isSilent() {
    return database.filter(name -> !state().runs(name)).isPresent();
  }

  private HostState state() {
    return wanted.state();
  }

  /** A database whose revision is not known may hold rows all the same. */
  private Optional<Step> backUp() {
    if (backup == BackupSettings.Mode.NONE || database.isEmpty()) {
      return Optional.empty();
    }
    String cause =
        state()
            .schemaRevision()
            .map(revision -> "the migration changes what is at " + revision)
            .orElse(
                isSilent()
                    ? "if a migration is to come: " + UNKNOWN.formatted(database.orElseThrow())
                    : "if it holds anything: no revision tells");
    String release = state().current().map(ReleaseManifest::commit).orElse(state().commit());
    return Optional.of(new Step.BackUp(release, state().schemaRevision(), backup, cause));
  }

  private String withoutBackup() {
    if (database.isEmpty()) {
      return "; without a backup: no service of the compose file is the database";
    }
    return backup == BackupSettings.Mode.NONE
        ? "; without a backup, as backup.mode in slipway.yml says"
        : "";
  }

  /** The database, and what else the backend depends on: its image may reach that through it. */
  private List<String> missing() {
    Composition composition = wanted.composition();
    Set<String> needed =
        new TreeSet<>(composition.neededBy(composition.service(Role.BACKEND).stream().toList()));
    needed.removeIf(name -> wanted.isBuilt(name) || composition.way(name).ends());
    database.ifPresent(needed::add);
    return wanted.names().stream()
        .filter(needed::contains)
        .filter(name -> !state().runs(name))
        .toList();
  }
}
