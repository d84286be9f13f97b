/** Everything that is asked of a platform's migrations before they ship. */
@NullMarked
package dev.slipway.migrations;

import org.jspecify.annotations.NullMarked;
