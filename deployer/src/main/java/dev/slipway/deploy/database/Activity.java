package dev.slipway.deploy.database;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Optional;

/**
 * What one statement of a migration is doing.
 *
 * @param pid the server process that runs it
 * @param statement its beginning
 * @param seconds for how long it has been running
 * @param waited for how many seconds it has been waiting for a lock
 * @param lock what it waits for: a relation, or a kind of lock
 * @param blocker who holds that
 * @param index how far the index that it builds is
 * @param ended whether it was ended just now, since it waited for too long
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Activity(
    long pid,
    String statement,
    long seconds,
    Optional<Long> waited,
    Optional<String> lock,
    Optional<Blocker> blocker,
    Optional<IndexBuild> index,
    boolean ended) {

  /**
   * The session that another waits for.
   *
   * @param seconds how long its transaction has been open
   */
  record Blocker(
      long pid,
      Optional<String> application,
      Optional<String> state,
      long seconds,
      String statement) {

    @Override
    public String toString() {
      return "process "
          + pid
          + application.filter(name -> !name.isBlank()).map(name -> " (" + name + ")").orElse("")
          + ", "
          + state.orElse("in an unknown state")
          + ", "
          + seconds
          + " s into its transaction: "
          + oneLine(statement);
    }
  }

  /** How far an index is, by blocks of its table. */
  record IndexBuild(String phase, long done, long of) {

    @Override
    public String toString() {
      return of == 0 ? phase : phase + ", " + 100 * done / of + " %";
    }
  }

  /** The statement on one line, without the rest of a long one. */
  String brief() {
    return oneLine(statement);
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= 160 ? line : line.substring(0, 157) + "...";
  }
}
