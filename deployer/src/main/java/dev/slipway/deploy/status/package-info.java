/** What runs on the server, since when, and what was changed by hand. */
@NullMarked
package dev.slipway.deploy.status;

import org.jspecify.annotations.NullMarked;
