/** What happened on the server, kept on the server: one JSON line an event. */
@NullMarked
package dev.slipway.ledger;

import org.jspecify.annotations.NullMarked;
