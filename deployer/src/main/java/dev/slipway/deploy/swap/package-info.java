/** New containers beside the old ones, and the edge that is led from these to those. */
@NullMarked
package dev.slipway.deploy.swap;

import org.jspecify.annotations.NullMarked;
