/**
 * The platform's live database: backups that are proved, migrations, and the way back from a
 * backup.
 */
@NullMarked
package dev.slipway.deploy.database;

import org.jspecify.annotations.NullMarked;
