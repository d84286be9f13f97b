package dev.slipway.command;

import dev.slipway.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * What is run for the platform's database: by its container's own programs, with that container's
 * own login, and with files under {@code .slipway/backups} in the checkout.
 *
 * @param checkout the root of the git checkout on the server
 */
public record DatabaseCommands(String checkout) {

  /** The advisory lock that migrations hold; the letters of "slipway" as one number. */
  public static final long MIGRATION_LOCK = 0x736c6970776179L;

  /** What each line about the copied database begins with. */
  public static final String FACT = "fact ";

  /** The line of a backup's facts that tells that a restore has taken it of what it replaced. */
  public static final String BEFORE_RESTORE = "before a restore";

  /** What {@link #dump} ends its standard error with, as the last thing pg_dump's success does. */
  public static final String COMPLETE = "dump complete";

  /** What a line begins with that tells the size of the file that is being worked on. */
  public static final String TICK = "slipway-tick ";

  /** What a line of {@link #watched} begins with that tells in JSON what a statement does. */
  public static final String ACTIVITY = "slipway-activity ";

  /** The line of {@link #watched} that tells that nobody looks any more. */
  public static final String UNWATCHED = "slipway-unwatched";

  private static final String DUMPING = "slipway-backup";

  /** A database that is always there and never a platform's own. */
  private static final String MAINTENANCE = "template1";

  /** Validates. */
  public DatabaseCommands {
    ShellCommand.absolute(checkout);
  }

  /** Where the backups are. */
  public String folder() {
    return checkout + "/.slipway/backups";
  }

  /**
   * A backup's path.
   *
   * @throws IllegalArgumentException when that would not be in the folder of the backups
   */
  public String path(String name) {
    ShellCommand.operand(ShellCommand.oneLine(name));
    if (name.startsWith(".") || name.contains("/")) {
      throw new IllegalArgumentException("not the name of a backup: '" + name + "'");
    }
    return folder() + "/" + name;
  }

  /** Makes the folder of the backups, for nobody else to read, and clears unfinished ones away. */
  public ShellCommand prepare() {
    return ShellCommand.script(
        "umask 077 && mkdir -p \"$1\" && { test -w \"$1\" || { echo \"no right to write to $1\" >&2; exit 1; }; }"
            + " && rm -f -- \"$1\"/*.part",
        folder());
  }

  /** Clears unfinished backups away; nothing where there are none. */
  public ShellCommand removeParts() {
    return ShellCommand.script("rm -f -- \"$1\"/*.part", folder());
  }

  /** Prints what a database is; see {@link DatabaseQueries#DESCRIBE}. */
  public ShellCommand describe(String container) {
    return psql(container, "slipway", DatabaseQueries.DESCRIBE);
  }

  /**
   * Prints two lines of df: of where the backups' folder is or will be, and of where the engine
   * keeps its volumes.
   */
  public ShellCommand room() {
    return ShellCommand.script(
        "at=$1 && while [ ! -e \"$at\" ]; do at=$(dirname \"$at\"); done && df -Pk \"$at\" | tail -n 1 && { df -Pk \"$(docker info --format '{{.DockerRootDir}}')\" 2>/dev/null || df -Pk /; } | tail -n 1",
        folder());
  }

  /**
   * Copies the database to {@code NAME.part}; prints ticks, and on standard error the facts of the
   * same snapshot and {@link #COMPLETE}.
   */
  public ShellCommand dump(String container, String name) {
    return ShellCommand.script(
            DatabaseScripts.DUMP,
            path(name) + ".part",
            ShellCommand.operand(container),
            DatabaseScripts.PSQL,
            DUMPING)
        .reading(Secret.of(DatabaseQueries.DUMP));
  }

  /** Ends what an abandoned {@link #dump} left in the database. */
  public ShellCommand endDump(String container) {
    return psql(container, "slipway", DatabaseQueries.END_NAMED, "-v", "name=" + DUMPING);
  }

  /** Writes the checksum that the finished file will have. */
  public ShellCommand checksum(String name) {
    return ShellCommand.script(
        "umask 077 && cd \"$1\" && sum=$(sha256sum \"$2.part\") && printf '%s  %s\\n' \"${sum%% *}\" \"$2\" > \"$2.sha256\"",
        folder(), path(name).substring(folder().length() + 1));
  }

  /** Writes what is known of a backup beside it. */
  public ShellCommand note(String name, String facts) {
    return ShellCommand.script("umask 077 && cat > \"$1\"", path(name) + ".facts")
        .reading(Secret.of(facts));
  }

  /** Prints what {@link #note} wrote. */
  public ShellCommand facts(String name) {
    return ShellCommand.script("if [ -e \"$1\" ]; then cat \"$1\"; fi", path(name) + ".facts");
  }

  /** Gives the file its name, as the last thing. */
  public ShellCommand finish(String name) {
    return ShellCommand.of("mv", "--", path(name) + ".part", path(name));
  }

  /** Removes a backup with all that stands beside it. */
  public ShellCommand remove(String name) {
    return ShellCommand.of("rm", "-f", "--")
        .with(path(name), path(name) + ".part", path(name) + ".sha256", path(name) + ".facts");
  }

  /**
   * Prints each backup: name, bytes, what its checksum says, number of tables, and 1 where a
   * restore has taken it, separated by tabs.
   */
  public ShellCommand list(boolean check) {
    return ShellCommand.script(
        DatabaseScripts.LIST, folder(), check ? "check" : "", BEFORE_RESTORE);
  }

  /** Reads an archive to its end and writes it nowhere; {@code file} as {@link #path} names it. */
  public ShellCommand readThrough(String container, String file) {
    return feed(container, file, "--file=/dev/null");
  }

  /** Starts an empty PostgreSQL that nobody else reaches, and prints its id. */
  public ShellCommand startProof(String image, String user, String libraries) {
    List<String> words =
        new ArrayList<>(
            List.of("docker", "run", "--detach", "--network", "none", "--label", label()));
    words.addAll(List.of("--cpu-shares", "256", "--env", "POSTGRES_HOST_AUTH_METHOD=trust"));
    words.addAll(List.of("--env", "POSTGRES_USER=" + user, "--env", "POSTGRES_DB=postgres"));
    words.addAll(List.of(ShellCommand.operand(image), "postgres"));
    for (String setting :
        List.of(
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "autovacuum=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=128MB",
            "shared_buffers=32MB",
            "maintenance_work_mem=64MB",
            "max_connections=10")) {
      words.addAll(List.of("-c", setting));
    }
    if (!libraries.isBlank()) {
      words.addAll(List.of("-c", "shared_preload_libraries=" + libraries));
    }
    return ShellCommand.of(words);
  }

  private String label() {
    return "dev.slipway.proof=" + checkout;
  }

  /** Waits until it listens. */
  public ShellCommand awaitProof(String container) {
    return ShellCommand.script(DatabaseScripts.AWAIT, ShellCommand.operand(container));
  }

  /** Removes every such PostgreSQL of this checkout, with its data. */
  public ShellCommand removeProofs() {
    return ShellCommand.script(
        "for id in $(docker ps --all --quiet --no-trunc --filter \"label=$1\"); do docker rm --force --volumes \"$id\"; done",
        label());
  }

  /** Prints statements that make the cluster's other roles. */
  public ShellCommand roles(String container) {
    return psql(container, "slipway", DatabaseQueries.ROLES);
  }

  /** Makes roles, and room for a database of this name. */
  public ShellCommand prepareProof(String container, String database, String roles) {
    return psql(container, "slipway", DatabaseQueries.DROP + roles, "-d", MAINTENANCE)
        .with("-v", "database=" + database);
  }

  /** Runs statements in a database of a container. */
  public ShellCommand execute(String container, String database, String statements) {
    return psql(container, "slipway", statements, "-d", connectionTo(database));
  }

  /** Restores an archive with the database that it names. */
  public ShellCommand restoreAsNamed(String container, String file) {
    return feed(container, file, "--create", "--no-tablespaces", "--dbname=" + MAINTENANCE);
  }

  /** Makes an empty database with the other's owner, encoding, collation, settings and rights. */
  public ShellCommand createBeside(String container, String database, String name) {
    return psql(container, "slipway", DatabaseQueries.CREATE_BESIDE, "-d", MAINTENANCE)
        .with("-v", "from=" + database, "-v", "to=" + name);
  }

  /** Drops a database, if it is there. */
  public ShellCommand drop(String container, String database) {
    return psql(container, "slipway", DatabaseQueries.DROP, "-d", MAINTENANCE)
        .with("-v", "database=" + database);
  }

  /** Prints something when there is a database of this name. */
  public ShellCommand has(String container, String database) {
    return psql(container, "slipway", DatabaseQueries.HAS, "-d", MAINTENANCE)
        .with("-v", "database=" + database);
  }

  /** Prints the name of each database. */
  public ShellCommand names(String container) {
    return psql(container, "slipway", DatabaseQueries.NAMES, "-d", MAINTENANCE);
  }

  /** Gives a database another name; what has that is dropped. */
  public ShellCommand rename(String container, String database, String name) {
    return psql(container, "slipway", DatabaseQueries.RENAME, "-d", MAINTENANCE)
        .with("-v", "from=" + database, "-v", "to=" + name);
  }

  /**
   * Gives a database's name to {@code coming}, and that of {@code going} to what had it.
   *
   * @param name that of the session
   */
  public ShellCommand exchange(
      String container, String name, String database, String coming, String going) {
    return psql(container, name, DatabaseQueries.EXCHANGE, "-d", MAINTENANCE)
        .with("-v", "database=" + database, "-v", "coming=" + coming, "-v", "going=" + going);
  }

  /** Restores an archive into a database that is there and empty. */
  public ShellCommand restoreInto(String container, String file, String database) {
    return feed(container, file, "--dbname=" + connectionTo(database));
  }

  /** Prints the facts of a database, as {@link #dump} does of the one that it copies. */
  public ShellCommand factsOf(String container, String database) {
    return psql(container, "slipway", DatabaseQueries.FACTS, "-d", connectionTo(database));
  }

  /** Takes the advisory lock of migrations, if nobody has it, and keeps it in the background. */
  public ShellCommand hold(String container, String name, long seconds) {
    String sql = DatabaseQueries.HOLD;
    return ShellCommand.of("docker", "exec", "--detach")
        .withOperands(container)
        .with(
            "sh",
            "-c",
            DatabaseScripts.ENTER
                + "sql=$1; shift; printf '%s\\n' \"$sql\" | psql -X -A -t -q \"$@\" -f - >/dev/null 2>&1",
            "slipway",
            name,
            sql)
        .with("-v", "key=" + MIGRATION_LOCK, "-v", "seconds=" + seconds);
  }

  /** Prints who holds it: the session's name, a tab, and words for people; nothing if nobody. */
  public ShellCommand holder(String container) {
    return psql(container, "slipway", DatabaseQueries.HOLDER, "-v", "key=" + MIGRATION_LOCK);
  }

  /** Ends the sessions of a name, and with them what {@link #hold} holds. */
  public ShellCommand release(String container, String name) {
    return psql(container, "slipway", DatabaseQueries.END_NAMED, "-v", "name=" + name);
  }

  /**
   * The same command, watched: each half second one line begins with {@link #ACTIVITY} for each of
   * its statements, and a wait for a lock is ended after {@code seconds}.
   *
   * @param run the name of the container that the command starts
   */
  public ShellCommand watched(ShellCommand command, String run, String container, long seconds) {
    List<String> words = new ArrayList<>(List.of("sh", "-c", DatabaseScripts.WATCHED, "slipway"));
    words.addAll(List.of(ShellCommand.operand(run), ShellCommand.operand(container)));
    words.addAll(List.of(DatabaseScripts.PSQL, String.valueOf(seconds), DatabaseQueries.LOOK));
    words.addAll(command.arguments());
    return new ShellCommand(words, command.environment(), command.directory(), command.input());
  }

  /**
   * Ends a command's container and its sessions in the database; nothing where there is none.
   *
   * @param container the database's container; empty where it is elsewhere
   */
  public ShellCommand abort(String run, String container) {
    return ShellCommand.script(
            DatabaseScripts.ABORT,
            ShellCommand.operand(run),
            container.isEmpty() ? container : ShellCommand.operand(container),
            DatabaseScripts.PSQL)
        .reading(Secret.of(DatabaseQueries.END_SESSIONS));
  }

  private ShellCommand feed(String container, String file, String... options) {
    return ShellCommand.script(
            DatabaseScripts.FEED,
            ShellCommand.absolute(file),
            ShellCommand.operand(container),
            DatabaseScripts.RESTORE,
            DUMPING)
        .with(options);
  }

  /**
   * A database by its name alone, whatever that is: psql and pg_restore take a bare name with an
   * equals sign in it for a connection string, which may lead to another server.
   *
   * @see <a href="https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING">libpq,
   *     connection strings</a>
   */
  private static String connectionTo(String database) {
    return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static ShellCommand psql(
      String container, String name, String statements, String... options) {
    return ShellCommand.of("docker", "exec", "--interactive")
        .withOperands(container)
        .with("sh", "-c", DatabaseScripts.PSQL, "slipway", name)
        .with(options)
        .reading(Secret.of(statements));
  }
}
