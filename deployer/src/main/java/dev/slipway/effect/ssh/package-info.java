/** The door to the server: one strictly verified SSH connection for everything. */
@NullMarked
package dev.slipway.effect.ssh;

import org.jspecify.annotations.NullMarked;
