/** The one door to PostgreSQL: connections, the catalog, alembic's version table. */
@NullMarked
package dev.slipway.effect.postgres;

import org.jspecify.annotations.NullMarked;
