package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.release.ReleaseManifest;
import java.util.Optional;

/** Tells where what serves meets another schema than it was made for, and how to restore that. */
final class SchemaMoves {

  private final Host host;
  private final PlanExecutor executor;
  private final DeployLog log;

  SchemaMoves(Host host, PlanExecutor executor, DeployLog log) {
    this.host = host;
    this.executor = executor;
    this.log = log;
  }

  /** Of a release that was brought back on request. */
  void tellWhereAhead(ReleaseManifest release) {
    Optional<String> schema = host.schemaRevision();
    if (release.schemaRevision().isPresent() && !release.schemaRevision().equals(schema)) {
      log.schemaMoved(release.schemaRevision(), schema);
      backupOf(release.schemaRevision()).ifPresent(log::wayToRestore);
    }
  }

  /** Whether an attempt that failed has moved it; then that is told. */
  boolean tellIfMoved(Attempt attempt) {
    boolean moved = moved(attempt);
    if (moved) {
      tell(attempt);
    }
    return moved;
  }

  /**
   * Whether it is another than before an attempt; also when an earlier run moved it that never came
   * to tell.
   */
  private boolean moved(Attempt attempt) {
    Optional<String> now = host.schemaRevision();
    Optional<String> before = attempt.before().schemaRevision();
    return (before.isPresent() && !now.equals(before))
        || (now.isPresent() && !now.equals(fittingSchema(attempt)));
  }

  private void tell(Attempt attempt) {
    Optional<String> fitting = fittingSchema(attempt);
    log.schemaMoved(fitting, host.schemaRevision());
    executor
        .backup()
        .filter(taken -> attempt.before().schemaRevision().equals(fitting))
        .or(() -> backupOf(fitting))
        .ifPresent(log::wayToRestore);
  }

  /** The schema on which the version before was seen to be well. */
  private Optional<String> fittingSchema(Attempt attempt) {
    return host.history().schemaWhenLastWell().or(() -> attempt.before().schemaRevision());
  }

  /** Advice, for want of which nothing that has gone well must be told otherwise. */
  private Optional<String> backupOf(Optional<String> schema) {
    try {
      return schema.flatMap(host::backupOf);
    } catch (SlipwayException unread) {
      log.note("Which backup has that schema is not known: " + unread.what());
      return Optional.empty();
    }
  }
}
