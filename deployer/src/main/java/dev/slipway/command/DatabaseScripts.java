package dev.slipway.command;

/** The fixed texts that {@link DatabaseCommands} sends to the server's shell and to psql. */
final class DatabaseScripts {

  /**
   * Begins a shell in the database's container: names the session and takes the container's own
   * login, from variables or, as the official image allows, from files that they name.
   */
  static final String ENTER =
      """
      setting() { eval "f=\\${$1_FILE:-} v=\\${$1:-}"; if [ -n "$f" ]; then cat "$f"; else printf %s "$v"; fi; }
      PGUSER=$(setting POSTGRES_USER); PGUSER=${PGUSER:-postgres}
      PGDATABASE=$(setting POSTGRES_DB); PGDATABASE=${PGDATABASE:-$PGUSER}
      PGPASSWORD=$(setting POSTGRES_PASSWORD)
      PGAPPNAME=$1
      export PGUSER PGDATABASE PGPASSWORD PGAPPNAME
      shift
      """;

  /** Runs psql on its standard input; what follows the name of the session are its options. */
  static final String PSQL =
      ENTER + "exec psql -X -A -t -q -v ON_ERROR_STOP=1 -v VERBOSITY=terse \"$@\" -f -\n";

  /** Prints what the version table says; what follows is the name of the session. */
  static final String SCHEMA_REVISION =
      ENTER
          + "exec psql -X -A -t -q -v ON_ERROR_STOP=1 <<'SQL'\n"
          + DatabaseQueries.SCHEMA_REVISION
          + "SQL\n";

  /** Restores the archive on standard input; what follows are pg_restore's options. */
  static final String RESTORE = ENTER + "exec pg_restore --exit-on-error \"$@\"\n";

  /**
   * Begins a shell on the server that tells the size of the file {@code $1} every few seconds while
   * the function {@code work} runs, and ends as that ends.
   */
  private static final String TICKING =
      """
      umask 077
      ( while sleep 5 </dev/null >/dev/null 2>&1; do echo "slipway-tick $(wc -c < "$1")"; done ) 2>/dev/null &
      ticking=$!
      work "$@"
      status=$?
      kill "$ticking"
      exit "$status"
      """;

  /** {@code $1} file, {@code $2} container, {@code $3} text, {@code $4} session; psql's input. */
  static final String DUMP =
      "work() { docker exec -i \"$2\" sh -c \"$3\" slipway \"$4\" > \"$1\"; }\n" + TICKING;

  /** {@code $1} file, {@code $2} container, {@code $3} text, then its arguments. */
  static final String FEED =
      "work() { file=$1; container=$2; text=$3; shift 3;"
          + " docker exec -i \"$container\" sh -c \"$text\" slipway \"$@\" < \"$file\"; }\n"
          + TICKING;

  /** Waits until the PostgreSQL in {@code $1} listens, or ends with its last words. */
  static final String AWAIT =
      """
      tries=0
      until docker exec "$1" pg_isready -q -h 127.0.0.1; do
        tries=$((tries + 1))
        if [ "$tries" -gt 240 ] || [ "$(docker inspect --format '{{.State.Running}}' "$1")" != true ]; then
          docker logs --tail 5 "$1" >&2
          exit 1
        fi
        sleep 0.5 2>/dev/null || sleep 1
      done
      """;

  /**
   * Runs the command that follows, and beside it a session that looks at what it does in the
   * database each half second: {@code $1} the command's container, {@code $2} the database's,
   * {@code $3} what runs there, {@code $4} how many seconds a wait may last, {@code $5} what is
   * asked each time. When the command ends, the session's input ends.
   */
  static final String WATCHED =
      """
      run=$1 database=$2 text=$3 patience=$4 look=$5
      shift 5
      "$@" </dev/null &
      command=$!
      pause() { sleep 0.5 2>/dev/null || sleep 1; }
      addresses() {
        docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}} {{end}}' "$run" 2>/dev/null
      }
      looks() {
        while kill -0 "$command" 2>/dev/null; do
          if [ -z "${found:-}" ]; then
            found=$(echo $(addresses))
            [ -z "$found" ] || printf "\\\\set addresses '%s'\\n" "$found"
          else
            printf '%s\\n' "$look"
          fi
          pause
        done
      }
      looks | docker exec -i "$database" sh -c "$text" slipway slipway-watch -v "patience=$patience" 2>&1
      kill -0 "$command" 2>/dev/null && echo "slipway-unwatched"
      wait "$command"
      """;

  /** Where the command stands among the words of {@link #WATCHED}. */
  static final int WATCHED_COMMAND = 9;

  /** Ends the container {@code $1} and its sessions in the database's container {@code $2}. */
  static final String ABORT =
      """
      found=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}} {{end}}' "$1" 2>/dev/null) || exit 0
      docker kill "$1" >/dev/null 2>&1
      [ -z "$2" ] || docker exec -i "$2" sh -c "$3" slipway slipway-abort -v "addresses=$(echo $found)"
      status=$?
      docker rm --force --volumes "$1" >/dev/null 2>&1
      exit "$status"
      """;

  /**
   * Each backup with its size and what is known of it, separated by tabs: {@code $1} the folder,
   * {@code $2} whether checksums are compared, {@code $3} the line that a restore notes.
   */
  static final String LIST =
      """
      cd "$1" 2>/dev/null || exit 0
      for file in *.dump; do
        [ -e "$file" ] || continue
        state=unchecked
        if [ "$2" = check ]; then
          if [ ! -e "$file.sha256" ]; then state=missing
          elif sha256sum -c -- "$file.sha256" >/dev/null 2>&1; then state=good
          else state=bad; fi
        fi
        printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$file" "$(($(wc -c < "$file")))" "$state" \\
          "$(grep -c '^fact rows ' -- "$file.facts" 2>/dev/null)" "$(grep -cx -- "$3" "$file.facts" 2>/dev/null)"
      done
      """;

  private DatabaseScripts() {}
}
