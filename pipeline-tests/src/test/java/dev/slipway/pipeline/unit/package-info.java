/** The test stage: pytest in the backend's image. */
@NullMarked
package dev.slipway.pipeline.unit;

import org.jspecify.annotations.NullMarked;
