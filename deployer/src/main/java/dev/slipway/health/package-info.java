/** Asks the platform whether it is well, and which version answers. */
@NullMarked
package dev.slipway.health;

import org.jspecify.annotations.NullMarked;
