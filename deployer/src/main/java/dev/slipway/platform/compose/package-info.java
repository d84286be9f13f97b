/** A compose file as compose itself would understand it. */
@NullMarked
package dev.slipway.platform.compose;

import org.jspecify.annotations.NullMarked;
