/**
 * Proves alembic's revisions: each is walked up, down and up again, and what it does is looked at.
 */
@NullMarked
package dev.slipway.migrations;

import org.jspecify.annotations.NullMarked;
