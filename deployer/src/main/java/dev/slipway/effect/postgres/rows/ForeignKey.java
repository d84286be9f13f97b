package dev.slipway.effect.postgres.rows;

import java.util.List;

/**
 * A reference from one table to another.
 *
 * @param columns the referring columns
 * @param target the table referred to
 * @param targetColumns its columns, in the same order
 */
record ForeignKey(List<String> columns, String target, List<String> targetColumns) {

  ForeignKey {
    columns = List.copyOf(columns);
    targetColumns = List.copyOf(targetColumns);
  }
}
