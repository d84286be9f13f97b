package dev.slipway.effect.postgres;

import java.util.Optional;

/**
 * What a {@link CatalogWatch} puts into the database: event triggers that note which objects a
 * statement touches, and functions that read just those.
 */
final class CatalogNotesSql {

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
      create function @own.objects(wanted oid[]) returns table (of_group oid, part oid, kind text, of_table text, name text, definition text)
          language plpgsql set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
        #variable_conflict use_column
        declare relations integer := (select count(*) from pg_class where oid = any(wanted));
        begin
          if relations > 0 then
            return query @tables;
            if exists (@have_rare) then
              return query @rare;
            end if;
          end if;
          if relations < cardinality(wanted) then
            return query @others;
          end if;
        end $$;
      create function @own.noted() returns table (of_group oid, part oid, kind text, of_table text, name text, definition text)
          language plpgsql as $$
        #variable_conflict use_column
        declare changed oid[]; gone oid[];
        begin
          with noted as (delete from @own.touched returning object, dropped)
            select array_agg(distinct object) filter (where not dropped), array_agg(distinct object) filter (where dropped)
              into changed, gone from noted;
          if changed is not null then
            return query select * from @own.objects(changed);
            return query select oid, oid, 'changed', '', '', '' from unnest(changed) oid;
          end if;
          if gone is not null then
            return query select oid, oid, 'dropped', '', '', '' from unnest(gone) oid;
          end if;
        end $$;
      set jit = off;
      set plan_cache_mode = force_generic_plan;
      set synchronous_commit = off;
      """
          .replace("@own", DatabaseSession.OWN_SCHEMA)
          .replace("@tables", CatalogQuery.WANTED_TABLES)
          .replace("@have_rare", CatalogQuery.HAVE_RARE)
          .replace("@rare", CatalogQuery.WANTED_RARE)
          .replace("@others", CatalogQuery.WANTED_OTHERS);

  /**
   * Takes the notes, and reads the objects of the groups that they name. The notes themselves are
   * among its rows, as objects of the kind {@code changed} or {@code dropped}.
   */
  private static final String NOTED =
      "select * from @own.noted()".replace("@own", DatabaseSession.OWN_SCHEMA);

  private static final String VERSIONS =
      " union all select 0, 0, 'version', '', version_num, '' from ";

  /** The same, with what stands in the version table as objects of the kind {@code version}. */
  static String noted(Optional<String> versionTable) {
    return NOTED + versionTable.map(table -> VERSIONS + table).orElse("");
  }

  /** The objects of some groups, whose oids are its only parameter. */
  static final String SOME =
      "select * from @own.objects(?)".replace("@own", DatabaseSession.OWN_SCHEMA);

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

  private CatalogNotesSql() {}
}
