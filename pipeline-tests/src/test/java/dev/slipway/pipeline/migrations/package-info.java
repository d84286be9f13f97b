/** The migrations stage: every revision up, down and up again. */
@NullMarked
package dev.slipway.pipeline.migrations;

import org.jspecify.annotations.NullMarked;
