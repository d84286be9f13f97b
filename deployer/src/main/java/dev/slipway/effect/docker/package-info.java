/**
 * The door to the local Docker Engine: docker-java for the API, the docker program for BuildKit.
 */
@NullMarked
package dev.slipway.effect.docker;

import org.jspecify.annotations.NullMarked;
