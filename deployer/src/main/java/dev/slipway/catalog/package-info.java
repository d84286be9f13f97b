/** What a database holds besides rows, and how two of these differ. */
@NullMarked
package dev.slipway.catalog;

import org.jspecify.annotations.NullMarked;
