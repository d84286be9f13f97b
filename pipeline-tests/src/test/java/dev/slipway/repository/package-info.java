/** Proves what stands beside the code: commands, documents, base images, and no secret. */
@NullMarked
package dev.slipway.repository;

import org.jspecify.annotations.NullMarked;
