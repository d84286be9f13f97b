/** The images stage: what was built, and what the compose file makes of it. */
@NullMarked
package dev.slipway.pipeline.images;

import org.jspecify.annotations.NullMarked;
