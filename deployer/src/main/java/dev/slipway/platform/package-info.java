/** The platform that Slipway is given, read from the texts of its files alone. */
@NullMarked
package dev.slipway.platform;

import org.jspecify.annotations.NullMarked;
