package dev.slipway.plan;

import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What putting a backup in the database's place will do; {@link #toString()} is the text that users
 * see and tests compare.
 *
 * @param backup the backup's name
 * @param content what it holds, such as {@code 10 rows in 4 tables at revision rev1}
 * @param revision the schema revision that it holds
 * @param database the database's name
 * @param schema the revision that the database is at now
 * @param databases the names of all databases that are there
 * @param writers the services that are started again in the end
 * @param stopped those of them that do not run now
 * @param release the release that serves
 */
public record RestorePlan(
    String backup,
    String content,
    Optional<String> revision,
    String database,
    Optional<String> schema,
    List<String> databases,
    List<String> writers,
    Set<String> stopped,
    ReleaseManifest release) {

  private static final int LONGEST_NAME = 50;

  /** Copies. */
  public RestorePlan {
    databases = List.copyOf(databases);
    writers = List.copyOf(writers);
    stopped = Set.copyOf(stopped);
  }

  /** The database that is filled from the backup, until it takes the other's place. */
  public String restored() {
    return named("_restored");
  }

  /** The name of the database that was, once the restored one is known to serve. */
  public String replaced() {
    return named("_replaced");
  }

  /**
   * The name of the database that was, from when it gives its place away until the restored one is
   * known to serve: one that nothing has.
   */
  public String setAside() {
    int number = 1;
    while (databases.contains(replaced() + "_" + number)) {
      number++;
    }
    return replaced() + "_" + number;
  }

  /** What restores have set aside that were cut off: rows may be there that are nowhere else. */
  public List<String> leftAside() {
    String beginning = replaced() + "_";
    return databases.stream()
        .filter(name -> name.startsWith(beginning))
        .filter(name -> name.substring(beginning.length()).matches("[0-9]+"))
        .toList();
  }

  private String named(String suffix) {
    return database.substring(0, Math.min(LONGEST_NAME, database.length())) + suffix;
  }

  /** Whether the release was proved with another schema than the backup has. */
  public boolean differsFromRelease() {
    return revision.isPresent() && !revision.equals(release.schemaRevision());
  }

  /** Why this is not what would be done now any more, as a sentence. */
  public Optional<String> outdatedBy(RestorePlan now) {
    if (!now.release().equals(release)) {
      return Optional.of(
          "Since the plan was made, release "
              + now.release().briefCommit()
              + " has come to serve.");
    }
    return now.database().equals(database)
            && now.schema().equals(schema)
            && now.leftAside().equals(leftAside())
        ? Optional.empty()
        : Optional.of("Since the plan was made, the database has become another.");
  }

  @Override
  public String toString() {
    List<String> running = writers.stream().filter(name -> !stopped.contains(name)).toList();
    String text =
        """
        Plan to restore %s:
          1. back up the database as it is (it is at %s, and nothing of it is to be lost)
          2. restore the backup into %s beside it and compare (%s)
          3. stop %s (nobody may write while the databases change places)
          4. let %s become %s, and what was %s (rows written since the backup are only there%s)
          5. start %s%s
          6. wait until the edge answers healthy (or else the databases change places again)
        """
            .formatted(
                backup,
                schema.orElse("no revision"),
                restored(),
                content,
                listed(running),
                restored(),
                database,
                replaced(),
                databases.contains(replaced())
                    ? "; what the restore before has kept there is dropped"
                    : "",
                listed(writers),
                stopped.isEmpty()
                    ? ""
                    : " (not running now: " + listed(stopped.stream().sorted().toList()) + ")");
    return text + keeping() + warning();
  }

  private static String listed(List<String> services) {
    return services.isEmpty() ? "nothing" : String.join(", ", services);
  }

  private String keeping() {
    return leftAside().isEmpty()
        ? ""
        : "Kept as well, from a restore that was cut off: %s; rows may be there that are nowhere else. When nobody misses any: %s, with psql in the database's container.\n"
            .formatted(
                String.join(", ", leftAside()),
                String.join(
                    " ",
                    leftAside().stream()
                        .map(name -> "`drop database \"" + name + "\";`")
                        .toList()));
  }

  private String warning() {
    return differsFromRelease()
        ? "Release %s serves and was proved with schema %s, not %s: see `slipway rollback` for one that was.\n"
            .formatted(
                release.briefCommit(),
                release.schemaRevision().orElse("none"),
                revision.orElse("none"))
        : "";
  }
}
