package dev.slipway.migrations.lock;

/**
 * A table that was there before and is read from its beginning.
 *
 * @param table which
 * @param statement the number of the statement that does so, from 1
 * @param sql that statement
 * @param rows how many rows it read
 */
public record Scan(String table, int statement, String sql, long rows) {}
