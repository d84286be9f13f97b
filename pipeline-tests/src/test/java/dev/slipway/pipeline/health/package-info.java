/** The health stage: the endpoint's word, alone and behind the edge. */
@NullMarked
package dev.slipway.pipeline.health;

import org.jspecify.annotations.NullMarked;
