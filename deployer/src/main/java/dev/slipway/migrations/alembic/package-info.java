/** Alembic itself, at work in the backend's own image: its revisions, and one step at a time. */
@NullMarked
package dev.slipway.migrations.alembic;

import org.jspecify.annotations.NullMarked;
