/** The door to registries of images: asked for images, and offered to the server as one. */
@NullMarked
package dev.slipway.effect.http.registry;

import org.jspecify.annotations.NullMarked;
