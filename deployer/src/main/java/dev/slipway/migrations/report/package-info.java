/** What people and programs read of a check of migrations. */
@NullMarked
package dev.slipway.migrations.report;

import org.jspecify.annotations.NullMarked;
