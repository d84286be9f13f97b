/** The door to programs on this machine. */
@NullMarked
package dev.slipway.effect.process;

import org.jspecify.annotations.NullMarked;
