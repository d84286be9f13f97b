/** Decides, from what was observed and what is wanted, which steps a deployment takes and why. */
@NullMarked
package dev.slipway.plan;

import org.jspecify.annotations.NullMarked;
