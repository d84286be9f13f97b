package dev.slipway.effect.postgres;

/**
 * The schema of what Slipway itself puts into a database that is thrown away. Whoever goes through
 * all schemas leaves out those whose name begins with {@code pg_}.
 */
public final class OwnSchema {

  /** Its name. */
  public static final String NAME = "pg_slipway";

  /**
   * Makes it where it is not there yet. PostgreSQL refuses such a name, and lets a superuser give
   * it later.
   *
   * @see <a href="https://www.postgresql.org/docs/current/sql-createschema.html">CREATE SCHEMA</a>
   */
  public static final String CREATION =
      """
      do $$ begin
        if not exists (select from pg_catalog.pg_namespace where nspname = '@own') then
          create schema own_@own;
          grant usage on schema own_@own to public;
          update pg_catalog.pg_namespace set nspname = '@own' where nspname = 'own_@own';
        end if;
      end $$;
      """
          .replace("@own", NAME);

  private OwnSchema() {}
}
