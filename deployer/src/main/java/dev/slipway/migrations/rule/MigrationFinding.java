package dev.slipway.migrations.rule;

/**
 * One thing that a migration does wrong.
 *
 * @param rule which rule it breaks
 * @param revision the revision that does so; empty when it is no single one
 * @param object the table, type or other object that it is about; empty when it is none
 * @param message what is wrong, where, and what to do
 */
public record MigrationFinding(Rule rule, String revision, String object, String message) {}
