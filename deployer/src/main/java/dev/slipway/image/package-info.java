/** References to container images: read, changed and written, never resolved. */
@NullMarked
package dev.slipway.image;

import org.jspecify.annotations.NullMarked;
