/** Proves the suites: every known fault is caught. */
@NullMarked
package dev.slipway.pipeline.selftest;

import org.jspecify.annotations.NullMarked;
