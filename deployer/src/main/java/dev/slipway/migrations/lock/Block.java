package dev.slipway.migrations.lock;

import java.util.List;
import java.util.Optional;

/**
 * What one revision keeps others from, measured with ever more rows.
 *
 * @param table which table, by the name that it had before the revision
 * @param blocked whom
 * @param statement the number of the statement that takes the lock, from 1
 * @param slowest the number of the one that takes longest while it is held
 * @param sql the slowest one
 * @param during the later revision whose statement the slowest one is, where env.py has one
 *     transaction for all; nothing where it is the revision's own
 * @param rewritten whether the table is written anew
 * @param samples the measurements
 * @param cost what they amount to
 */
public record Block(
    String table,
    Blocked blocked,
    int statement,
    int slowest,
    String sql,
    Optional<String> during,
    boolean rewritten,
    List<Sample> samples,
    Cost cost) {

  /** Copies. */
  public Block {
    samples = List.copyOf(samples);
  }
}
