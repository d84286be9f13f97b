/** The door to HTTP. */
@NullMarked
package dev.slipway.effect.http;

import org.jspecify.annotations.NullMarked;
