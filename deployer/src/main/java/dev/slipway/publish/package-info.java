/** Turns a green verdict into tagged, pushed images and a release manifest. */
@NullMarked
package dev.slipway.publish;

import org.jspecify.annotations.NullMarked;
