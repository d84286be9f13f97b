/** The lock that one deployment at a time holds on the server. */
@NullMarked
package dev.slipway.deploy.lock;

import org.jspecify.annotations.NullMarked;
