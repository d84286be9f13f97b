package dev.slipway.effect.postgres;

/**
 * A time for which a canary waited for a lock.
 *
 * @param table which table it asked
 * @param writing whether it wanted to write
 * @param from since when, in milliseconds of PostgreSQL's clock
 * @param until when it was let in, or gave up
 */
public record LockWait(String table, boolean writing, double from, double until) {}
