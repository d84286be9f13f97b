/** Commands as values: what is run on the server and here, before anybody runs it. */
@NullMarked
package dev.slipway.command;

import org.jspecify.annotations.NullMarked;
