package dev.slipway.migrations.lock;

/**
 * A time for which somebody really waited: a canary, who read or wrote the table meanwhile.
 *
 * @param table which, by the name that it had before the revision
 * @param blocked who it stands for
 * @param statement the number of the statement that made it wait, from 1
 * @param sql that statement
 * @param from since when it waited, in milliseconds since the revision began
 * @param until when it was let in
 */
public record Felt(
    String table, Blocked blocked, int statement, String sql, double from, double until) {

  /** How long that was. */
  public double millis() {
    return until - from;
  }
}
