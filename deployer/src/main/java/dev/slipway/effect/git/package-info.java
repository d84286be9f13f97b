/** The door to the local git repository. */
@NullMarked
package dev.slipway.effect.git;

import org.jspecify.annotations.NullMarked;
