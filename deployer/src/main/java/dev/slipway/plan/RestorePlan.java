package dev.slipway.plan;

import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Optional;

/**
 * What putting a backup in the database's place will do; {@link #toString()} is the text that users
 * see and tests compare.
 *
 * @param backup the backup's name
 * @param content what it holds, such as {@code 10 rows in 4 tables at revision rev1}
 * @param revision the schema revision that it holds
 * @param database the database's name
 * @param schema the revision that the database is at now
 * @param writers the services that are stopped meanwhile
 * @param release the release that serves
 */
public record RestorePlan(
    String backup,
    String content,
    Optional<String> revision,
    String database,
    Optional<String> schema,
    List<String> writers,
    ReleaseManifest release) {

  private static final int LONGEST_NAME = 50;

  /** Copies. */
  public RestorePlan {
    writers = List.copyOf(writers);
  }

  /** The database that is filled from the backup, until it takes the other's place. */
  public String restored() {
    return named("_restored");
  }

  /** The database that was, once it has given its place away. */
  public String replaced() {
    return named("_replaced");
  }

  private String named(String suffix) {
    return database.substring(0, Math.min(LONGEST_NAME, database.length())) + suffix;
  }

  /** Whether the release was proved with another schema than the backup has. */
  public boolean differsFromRelease() {
    return revision.isPresent() && !revision.equals(release.schemaRevision());
  }

  @Override
  public String toString() {
    String stopped = writers.isEmpty() ? "nothing" : String.join(", ", writers);
    String text =
        """
        Plan to restore %s:
          1. back up the database as it is (it is at %s, and nothing of it is to be lost)
          2. restore the backup into %s beside it and compare (%s)
          3. stop %s (nobody may write while the databases change places)
          4. let %s become %s, and what was %s (rows written since the backup are only there)
          5. start %s
          6. wait until the edge answers healthy (or else the databases change places again)
        """
            .formatted(
                backup,
                schema.orElse("no revision"),
                restored(),
                content,
                stopped,
                restored(),
                database,
                replaced(),
                stopped);
    return differsFromRelease()
        ? text
            + "Release %s serves and was proved with schema %s, not %s: see `slipway rollback` for one that was.\n"
                .formatted(
                    release.briefCommit(),
                    release.schemaRevision().orElse("none"),
                    revision.orElse("none"))
        : text;
  }
}
