/** What users wait for while a migration holds its locks: measured on rows, and judged by size. */
@NullMarked
package dev.slipway.migrations.lock;

import org.jspecify.annotations.NullMarked;
