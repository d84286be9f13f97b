/**
 * What a deployment leaves for people and programs that were not there: a page, a file, a message.
 */
@NullMarked
package dev.slipway.deploy.report;

import org.jspecify.annotations.NullMarked;
