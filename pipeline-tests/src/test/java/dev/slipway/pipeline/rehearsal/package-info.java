/** The deploy stage: the deployer at work on a stand-in server. */
@NullMarked
package dev.slipway.pipeline.rehearsal;

import org.jspecify.annotations.NullMarked;
