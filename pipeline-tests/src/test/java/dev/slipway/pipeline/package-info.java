/**
 * What every suite stands on: the platform under test, its images, its databases, and the run's
 * record.
 */
@NullMarked
package dev.slipway.pipeline;

import org.jspecify.annotations.NullMarked;
