/** The images on the server, and the ways that they come there. */
@NullMarked
package dev.slipway.deploy.images;

import org.jspecify.annotations.NullMarked;
