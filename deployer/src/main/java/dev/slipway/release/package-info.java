/** What was proved and what is shipped: the verdict and the release manifest. */
@NullMarked
package dev.slipway.release;

import org.jspecify.annotations.NullMarked;
