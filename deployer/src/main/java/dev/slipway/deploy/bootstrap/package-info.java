/** A bare server prepared for its first deployment. */
@NullMarked
package dev.slipway.deploy.bootstrap;

import org.jspecify.annotations.NullMarked;
