/** Names, digests and layers of container images: read and written, never fetched. */
@NullMarked
package dev.slipway.image;

import org.jspecify.annotations.NullMarked;
