/** What a migration can do wrong, what was found of it, and what its authors allow knowingly. */
@NullMarked
package dev.slipway.migrations.rule;

import org.jspecify.annotations.NullMarked;
