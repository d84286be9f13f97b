/** Rows for whatever tables people make, and what became of them. */
@NullMarked
package dev.slipway.effect.postgres.rows;

import org.jspecify.annotations.NullMarked;
