/** Every revision up, down and up again on one database, and what that left behind. */
@NullMarked
package dev.slipway.migrations.walk;

import org.jspecify.annotations.NullMarked;
