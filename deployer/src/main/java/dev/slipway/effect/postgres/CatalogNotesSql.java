package dev.slipway.effect.postgres;

import java.util.Optional;

/**
 * What a {@link CatalogWatch} puts into the database: event triggers that note which objects a
 * statement touches, and functions that read just those.
 *
 * <p>A note is plain when reading the groups that it names is enough: nothing that depends on them
 * is defined otherwise, as it may be after a renaming, and no other group has lost a part.
 */
final class CatalogNotesSql {

  /**
   * An oid that stands for everything: grants name no object, a detached partition is not named
   * beside its former parent, a schema's name stands in every definition, the types of an extension
   * move along with it, and so do the sequences of a table to another owner.
   */
  static final long EVERYTHING = 0;

  /** What a session runs to be watched through. */
  static String install(CatalogQuery query) {
    return INSTALL
        .replace("@tables", query.wantedTables())
        .replace("@views", query.wantedViews())
        .replace("@rare", query.wantedRare())
        .replace("@others", query.wantedOthers())
        .replace("@unusual", query.wantedUnusual());
  }

  private static final String INSTALL =
      """
      @create_own
      create unlogged table @own.touched (object oid, dropped boolean, plain boolean);
      create unlogged table @own.index_of (part oid, of_table oid);
      insert into @own.index_of select indexrelid, indrelid from pg_index where indexrelid >= 16384;
      create function @own.note_command() returns event_trigger language plpgsql security definer as $$
        declare
          said text := pg_catalog.lower(pg_catalog.ltrim(pg_catalog.current_query(), E' \\n\\t'));
          plain boolean := tg_tag in ('CREATE TABLE', 'CREATE INDEX', 'CREATE TYPE', 'CREATE SEQUENCE')
            or tg_tag = 'ALTER TABLE' and said like 'alter table%' and said not like '%rename%' and said not like '%schema%' and not (said like '%add%' and said like '%drop%');
        begin
          insert into @own.touched
            select distinct case
                when object_type in ('schema', 'extension', 'publication namespace') or said ~ '\\mowner\\s+to\\M' then 0
                when exists (select from pg_catalog.pg_class c where c.oid = objid and (c.relkind = 'p' or c.relhassubclass)) then 0
                else coalesce((select indrelid from pg_catalog.pg_index where indexrelid = objid), objid, 0) end, false, plain
              from pg_catalog.pg_event_trigger_ddl_commands();
          if tg_tag = 'CREATE INDEX' then
            insert into @own.index_of select indexrelid, indrelid from pg_catalog.pg_event_trigger_ddl_commands() join pg_catalog.pg_index on indexrelid = objid;
          end if;
        end $$;
      create function @own.note_drop() returns event_trigger language plpgsql security definer as $$
        begin
          insert into @own.touched
            select distinct case when object_type like 'publication %' then 0 else objid end,
                objsubid = 0 and object_type not like 'publication %',
                object_type in ('table', 'table column', 'table constraint', 'toast table', 'index', 'default value', 'trigger', 'policy', 'rule',
                  'sequence', 'type', 'view', 'function')
              from pg_catalog.pg_event_trigger_dropped_objects()
            union all
            select pg_catalog.to_regclass(pg_catalog.quote_ident(address_names[1]) || '.' || pg_catalog.quote_ident(address_names[2])), false, true
              from pg_catalog.pg_event_trigger_dropped_objects()
              where object_type in ('table constraint', 'trigger', 'policy', 'rule', 'default value')
                and address_names[3] !~ '^RI_ConstraintTrigger_' and pg_catalog.to_regclass(pg_catalog.quote_ident(address_names[1]) || '.' || pg_catalog.quote_ident(address_names[2])) is not null
            union all
            select of_table, false, true
              from pg_catalog.pg_event_trigger_dropped_objects() join @own.index_of on part = objid
              where object_type = 'index' and exists (select from pg_catalog.pg_class where oid = of_table);
        end $$;
      create event trigger @own_command on ddl_command_end execute function @own.note_command();
      alter event trigger @own_command enable always;
      create event trigger @own_drop on sql_drop execute function @own.note_drop();
      alter event trigger @own_drop enable always;
      create function @own.objects(wanted oid[]) returns table (of_group oid, part oid, kind text, of_table text, name text, definition text)
          language plpgsql set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
        #variable_conflict use_column
        declare
          relations integer;
          views boolean;
          others integer;
        begin
          select count(*), bool_or(relkind in ('v', 'm', 'f')) into relations, views from pg_class where oid = any(wanted);
          if relations > 0 then
            return query @tables;
            if views then
              return query @views;
            end if;
            if exists (@have_rare) then
              return query @rare;
            end if;
          end if;
          if relations < cardinality(wanted) then
            return query @others;
            get diagnostics others = row_count;
            if relations + others < cardinality(wanted) then
              return query @unusual;
            end if;
          end if;
        end $$;
      create function @own.seen() returns json language plpgsql security definer set jit = off set plan_cache_mode = force_generic_plan as $$
        declare changed oid[]; gone oid[]; plain boolean; objects json; told oid[];
        begin
          if txid_current_if_assigned() is not null then
            raise exception 'what is seen here is not committed';
          end if;
          with noted as (delete from @own.touched t returning t.object, t.dropped, t.plain)
            select array_agg(distinct n.object) filter (where not n.dropped), coalesce(array_agg(distinct n.object) filter (where n.dropped), '{}'),
                coalesce(bool_and(n.plain), true)
              into changed, gone, plain from noted n;
          if changed is not null then
            with found as materialized (select * from @own.objects(changed))
              select json_agg(json_build_array(f.of_group, f.part, f.kind, f.of_table, f.name, f.definition)), array_agg(distinct f.of_group)
                into objects, told from found f;
            told := coalesce(told, '{}') || gone;
            if not changed <@ told then
              changed := array_remove(changed, to_regclass(@own.version_table())::oid); -- belongs to no group
            end if;
            plain := plain and changed <@ told;
          end if;
          return json_build_object('plain', plain, 'changed', changed, 'dropped', gone, 'objects', objects);
        end $$;
      create function @own.version_table() returns text language sql set search_path = pg_catalog as $$
        @version_table
        $$;
      create function @own.versions() returns json language plpgsql security definer as $$
        declare version_table text := @own.version_table(); versions json;
        begin
          if version_table is not null then
            execute 'select json_agg(version_num) from ' || version_table into versions;
          end if;
          return versions;
        end $$;
      create function @own.unfinished() returns json language plpgsql security definer set search_path from current as $$
        begin
          return (select json_agg(json_build_array(kind, sentence)) from (@unfinished) found (kind, sentence));
        end $$;
      do $$ begin
        execute format('alter function @own.seen() set search_path = %s, pg_temp', current_setting('search_path'));
      end $$;
      set jit = off;
      set plan_cache_mode = force_generic_plan;
      set synchronous_commit = off;
      """
          .replace("@unfinished", Unfinished.ALL)
          .replace("@version_table", VersionTable.QUALIFIED)
          .replace("@create_own", OwnSchema.CREATION)
          .replace("@own", OwnSchema.NAME)
          .replace("@have_rare", CatalogQuery.HAVE_RARE);

  /**
   * Takes the notes and reads the objects of the groups that they name, as one JSON object.
   *
   * @param versionTable as any session may call it, when that is known
   * @param unfinished whether work is looked for that was begun and not ended
   */
  static String question(Optional<String> versionTable, boolean unfinished) {
    return ("select json_build_object('seen', @own.seen()"
            + (unfinished ? ", 'unfinished', coalesce(@own.unfinished(), '[]')" : "")
            + ", 'versions', "
            + versionTable
                .map(table -> "(select json_agg(version_num) from " + table + ")")
                .orElse("@own.versions()")
            + ")::text")
        .replace("@own", OwnSchema.NAME);
  }

  /** The objects of some groups, whose oids are its only parameter. */
  static final String SOME = "select * from @own.objects(?)".replace("@own", OwnSchema.NAME);

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
