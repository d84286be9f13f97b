/** Secrets that exist for one run only, and the search for them in whatever a program leaves. */
@NullMarked
package dev.slipway.pipeline.secrets;

import org.jspecify.annotations.NullMarked;
