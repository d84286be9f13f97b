package dev.slipway.migrations.lock;

import java.util.OptionalDouble;

/**
 * Everybody who comes while a revision waits for a lock that nobody may share.
 *
 * @param table which table
 * @param statement the number of the statement that waits, from 1
 * @param sql that statement
 * @param switchedOff whether the project's own code lets it wait for ever, whatever the database
 *     and whoever runs it say; else it only says nothing of it
 * @param waited for how many milliseconds a new reader waited behind it, while another one read on;
 *     nothing where that could not be tried
 */
public record LockQueue(
    String table, int statement, String sql, boolean switchedOff, OptionalDouble waited) {}
