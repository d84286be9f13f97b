/** Models that the migrations do not bring about, and the other way round. */
@NullMarked
package dev.slipway.migrations.drift;

import org.jspecify.annotations.NullMarked;
