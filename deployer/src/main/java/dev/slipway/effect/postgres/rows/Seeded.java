package dev.slipway.effect.postgres.rows;

/**
 * A table that came with rows into whose numbers its own sequence counts.
 *
 * @param refusal what whoever inserts a row is told
 * @param remedy the statement that lets the sequence go on behind them
 */
public record Seeded(String refusal, String remedy) {}
