/** What a run tells people as it goes, without secrets. */
@NullMarked
package dev.slipway.deploy.log;

import org.jspecify.annotations.NullMarked;
