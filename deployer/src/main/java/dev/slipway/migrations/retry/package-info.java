/** Migrations that are cut short or run twice, and then run again. */
@NullMarked
package dev.slipway.migrations.retry;

import org.jspecify.annotations.NullMarked;
