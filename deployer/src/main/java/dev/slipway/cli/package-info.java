/** The slipway command; the only place that prints. */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
