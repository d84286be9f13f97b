/** The server's {@code .env} file, and what of it nobody may see. */
@NullMarked
package dev.slipway.deploy.environment;

import org.jspecify.annotations.NullMarked;
