package dev.slipway.effect.postgres;

/** The event triggers that note which objects a statement touches, for a {@link CatalogWatch}. */
final class CatalogNotes {

  /**
   * An oid that stands for everything: grants name no object, a detached partition is not named
   * beside its former parent, and a schema's name stands in every definition.
   */
  static final long EVERYTHING = 0;

  static final String INSTALL =
      """
      create schema if not exists @own;
      create unlogged table @own.touched (object oid, dropped boolean);
      create function @own.note_command() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
        begin
          insert into @own.touched
            select distinct case
                when classid = 'pg_namespace'::regclass then 0
                when exists (select from pg_class c where c.oid = objid and (c.relkind = 'p' or c.relhassubclass)) then 0
                else coalesce((select indrelid from pg_index where indexrelid = objid), objid, 0) end, false
              from pg_event_trigger_ddl_commands();
        end $$;
      create function @own.note_drop() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
        begin
          insert into @own.touched
            select distinct case when classid = 'pg_publication_rel'::regclass then 0 else objid end,
                objsubid = 0 and classid <> 'pg_publication_rel'::regclass
              from pg_event_trigger_dropped_objects();
        end $$;
      create event trigger @own_command on ddl_command_end execute function @own.note_command();
      create event trigger @own_drop on sql_drop execute function @own.note_drop();
      set jit = off;
      set plan_cache_mode = force_generic_plan;
      """
          .replace("@own", DatabaseSession.OWN_SCHEMA);

  /**
   * What depends on them and is a group itself, or belongs to one: the name of a type stands in
   * each of its columns.
   */
  static final String DEPENDENTS =
      """
      with touched as (select unnest(?::oid[]) as oid),
      source as (select oid from touched union select typarray from pg_type t where t.oid in (select oid from touched) and typarray <> 0),
      part as (
        select oid from touched
        union select objid from pg_depend where refobjid in (select oid from source) and deptype in ('n', 'a', 'i'))
      select oid from part
      union select indrelid from pg_index where indexrelid in (select oid from part)
      union select conrelid from pg_constraint where oid in (select oid from part)
      union select contypid from pg_constraint where oid in (select oid from part)
      union select tgrelid from pg_trigger where oid in (select oid from part)
      union select ev_class from pg_rewrite where oid in (select oid from part)
      union select adrelid from pg_attrdef where oid in (select oid from part)
      union select polrelid from pg_policy where oid in (select oid from part)
      union select prpubid from pg_publication_rel where oid in (select oid from part)
      union select stxrelid from pg_statistic_ext where oid in (select oid from part)
      """;

  private CatalogNotes() {}
}
