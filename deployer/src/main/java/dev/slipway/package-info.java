/** What every package may use: outcomes, the error that carries its own advice, and secrets. */
@NullMarked
package dev.slipway;

import org.jspecify.annotations.NullMarked;
