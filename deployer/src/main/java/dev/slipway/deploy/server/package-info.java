/**
 * The server that is deployed to: commands on it, its signs of life, and what must not be
 * interrupted there.
 */
@NullMarked
package dev.slipway.deploy.server;

import org.jspecify.annotations.NullMarked;
