/** What a compose file must keep to before it may run in production. */
@NullMarked
package dev.slipway.platform.contract;

import org.jspecify.annotations.NullMarked;
