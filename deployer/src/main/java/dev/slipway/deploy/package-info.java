/** The story of a deployment, from lock to ledger. */
@NullMarked
package dev.slipway.deploy;

import org.jspecify.annotations.NullMarked;
