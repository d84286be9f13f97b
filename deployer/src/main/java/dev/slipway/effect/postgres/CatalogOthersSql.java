package dev.slipway.effect.postgres;

/** What a {@link CatalogQuery} asks of all that is no relation. */
final class CatalogOthersSql {

  /** Schemas, types and functions. */
  static final String COMMON =
      """
      select oid, oid, 'schema', '', quote_ident(nspname),
          concat_ws(' ', @owner(nspowner),
            'comment ' || quote_literal(@comment(oid, 'pg_namespace', 0)), 'grants ' || @acl(nspacl, 'n', nspowner))
        from own_schema s
        where @(oid)
          and not exists (select from pg_depend x where x.classid = 2615 and x.objid = s.oid and x.deptype = 'e')
      union all
      select t.oid, t.oid, case t.typtype when 'e' then 'enum type' when 'd' then 'domain' else 'type' end, '', t.oid::regtype::text,
          concat_ws(' ',
            case t.typtype
            when 'e' then (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
            when 'd' then concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,
              (select 'collate ' || t.typcollation::regcollation from pg_type b where b.oid = t.typbasetype and b.typcollation <> t.typcollation),
              (select string_agg(concat_ws(' ', 'constraint', quote_ident(o.conname), pg_get_constraintdef(o.oid),
                  'comment ' || quote_literal(@comment(o.oid, 'pg_constraint', 0))), ' ' order by o.conname)
                from pg_constraint o where o.contypid = t.oid))
            when 'r' then (select concat_ws(' ', 'range of', g.rngsubtype::regtype, case when g.rngcollation <> 0 then 'collate ' || g.rngcollation::regcollation end,
                'canonical ' || nullif(g.rngcanonical::oid, 0)::regproc, 'difference ' || nullif(g.rngsubdiff::oid, 0)::regproc)
              from pg_range g where g.rngtypid = t.oid)
            else case when t.typisdefined then concat_ws(' ', 'input', t.typinput, 'output', t.typoutput) else 'shell' end end,
            @owner(t.typowner), 'comment ' || quote_literal(@comment(t.oid, 'pg_type', 0)), 'grants ' || @acl(typacl, 'T', typowner))
        from pg_type t
        where t.typtype in ('e', 'd', 'r', 'b', 'p') and t.typcategory <> 'A' and t.typnamespace in (select oid from own_schema) and @(t.oid)
          and not exists (select from pg_depend x where x.classid = 1247 and x.objid = t.oid and x.deptype = 'e')
      union all
      select p.oid, p.oid, case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, '',
          p.oid::regprocedure::text,
          concat_ws(' ', case when p.prokind <> 'a' then pg_get_functiondef(p.oid) else (
              select concat_ws(' ', pg_get_function_result(p.oid), g.aggkind, g.aggnumdirectargs, p.proparallel, g.aggtranstype::regtype, g.agginitval,
                g.aggtransfn, g.aggfinalfn, g.aggfinalmodify, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, nullif(g.aggsortop, 0)::regoperator,
                case when g.aggmtranstype <> 0 then concat_ws(' ', 'moving', g.aggmtranstype::regtype, g.aggminitval, g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn) end)
              from pg_aggregate g where g.aggfnoid = p.oid) end,
            @owner(p.proowner), 'comment ' || quote_literal(@comment(p.oid, 'pg_proc', 0)), 'grants ' || @acl(proacl, 'f', proowner))
        from pg_proc p where p.pronamespace in (select oid from own_schema) and @(p.oid)
          and not exists (select from pg_depend x where x.classid = 1255 and x.objid = p.oid and x.deptype in ('e', 'i'))
      """;

  /** What few databases have; of a user mapping's options only the names, as some are secret. */
  static final String UNUSUAL =
      """
      select oid, oid, 'extension', '', quote_ident(extname),
          concat_ws(' ', 'version', extversion, 'in', extnamespace::regnamespace, @owner(extowner),
            'comment ' || quote_literal(@comment(oid, 'pg_extension', 0)))
        from pg_extension where extname <> 'plpgsql' and @(oid)
      union all
      select oid, oid, 'event trigger', '', quote_ident(evtname),
          concat_ws(' ', evtevent, evtfoid::regproc, evtenabled, array_to_string(evttags, ', '))
        from pg_event_trigger where evtname !~ '^@own' and @(oid)
      union all
      select oid, oid, 'publication', '', quote_ident(pubname),
          concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate,
            case when pubviaroot then 'via root' end, -- since 13
            (select string_agg(concat_ws(' ', p.prrelid::regclass,
                (select '(' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')' from pg_attribute a where a.attrelid = p.prrelid and a.attnum = any(p.prattrs)), -- since 15
                'where ' || pg_get_expr(p.prqual, p.prrelid), -- since 15
                null), ', ' order by p.prrelid::regclass::text)
              from pg_publication_rel p where p.prpubid = b.oid),
            'schemas ' || (select string_agg(n.pnnspid::regnamespace::text, ', ' order by n.pnnspid::regnamespace::text) from pg_publication_namespace n where n.pnpubid = b.oid), -- since 15
            @owner(pubowner), 'comment ' || quote_literal(@comment(oid, 'pg_publication', 0)))
        from pg_publication b where @(oid)
      union all
      select oid, oid, 'default privileges', '',
          concat_ws(' ', defaclrole::regrole, 'in ' || nullif(defaclnamespace, 0)::regnamespace, 'on ' || defaclobjtype::text),
          @options(defaclacl)
        from pg_default_acl where @(oid)
      union all
      select m.oid, m.oid, 'user mapping', '',
          concat_ws(' ', 'for', case when m.umuser = 0 then 'public' else m.umuser::regrole::text end, 'server', quote_ident(s.srvname)),
          'options ' || (select string_agg(split_part(x, '=', 1), ', ' order by x) from unnest(m.umoptions) x)
        from pg_user_mapping m join pg_foreign_server s on s.oid = m.umserver where @(m.oid)
      union all
      select oid, oid, kind, '', (pg_identify_object(of_class, oid, 0)).identity,
          concat_ws(' ', definition, @owner(owner), 'comment ' || quote_literal(
            (select q.description from pg_description q where q.objoid = unusual.oid and q.classoid = of_class and q.objsubid = 0)))
        from (
          select 'pg_collation'::regclass, c.oid, 'collation', c.collowner,
              concat_ws(' ', c.collprovider, c.collcollate, c.collctype,
                c.colliculocale, -- since 15 before 17
                c.colllocale, -- since 17
                'rules ' || quote_literal(c.collicurules), -- since 16
                case when not c.collisdeterministic then 'nondeterministic' end)
            from pg_collation c where c.collnamespace in (select oid from own_schema) and @(c.oid)
          union all
          select 'pg_operator'::regclass, oid, 'operator', oprowner,
              concat_ws(' ', oprcode, oprrest, oprjoin, 'commutator ' || nullif(oprcom, 0)::regoperator, 'negator ' || nullif(oprnegate, 0)::regoperator,
                case when oprcanhash then 'hashes' end, case when oprcanmerge then 'merges' end)
            from pg_operator where oprnamespace in (select oid from own_schema) and @(oid)
          union all
          select 'pg_cast'::regclass, oid, 'cast', null, concat_ws(' ', castcontext, castmethod, castfunc::regprocedure)
            from pg_cast where oid >= 16384 and @(oid)
          union all
          select 'pg_opclass'::regclass, oid, 'operator class', opcowner,
              concat_ws(' ', case when opcdefault then 'default' end, 'for', opcintype::regtype,
                'storage ' || nullif(opckeytype, 0)::regtype, 'family', (pg_identify_object('pg_opfamily'::regclass, opcfamily, 0)).identity)
            from pg_opclass where opcnamespace in (select oid from own_schema) and @(oid)
          union all
          select 'pg_opfamily'::regclass, f.oid, 'operator family', f.opfowner,
              concat_ws(', ',
                (select string_agg(concat_ws(' ', 'operator', amopstrategy, amopopr::regoperator), ', ' order by amopstrategy, amopopr::regoperator::text)
                  from pg_amop where amopfamily = f.oid),
                (select string_agg(concat_ws(' ', 'function', amprocnum, amproc::regprocedure), ', ' order by amprocnum, amproc::regprocedure::text)
                  from pg_amproc where amprocfamily = f.oid))
            from pg_opfamily f where f.opfnamespace in (select oid from own_schema) and @(f.oid)
          union all
          select 'pg_ts_config'::regclass, c.oid, 'text search configuration', c.cfgowner,
              concat_ws(' ', (pg_identify_object('pg_ts_parser'::regclass, c.cfgparser, 0)).identity,
                (select string_agg(concat_ws(' ', maptokentype, mapdict::regdictionary), ', ' order by maptokentype, mapseqno) from pg_ts_config_map where mapcfg = c.oid))
            from pg_ts_config c where c.cfgnamespace in (select oid from own_schema) and @(c.oid)
          union all
          select 'pg_ts_dict'::regclass, oid, 'text search dictionary', dictowner,
              concat_ws(' ', (pg_identify_object('pg_ts_template'::regclass, dicttemplate, 0)).identity, dictinitoption)
            from pg_ts_dict where dictnamespace in (select oid from own_schema) and @(oid)
          union all
          select 'pg_conversion'::regclass, oid, 'conversion', conowner,
              concat_ws(' ', case when condefault then 'default' end, pg_encoding_to_char(conforencoding), pg_encoding_to_char(contoencoding), conproc)
            from pg_conversion where connamespace in (select oid from own_schema) and @(oid)
          union all
          select 'pg_foreign_data_wrapper'::regclass, oid, 'foreign data wrapper', fdwowner,
              concat_ws(' ', fdwhandler::regproc, fdwvalidator::regproc, 'options ' || @options(fdwoptions), 'grants ' || @acl(fdwacl, 'F', fdwowner))
            from pg_foreign_data_wrapper where @(oid)
          union all
          select 'pg_foreign_server'::regclass, s.oid, 'server', s.srvowner,
              concat_ws(' ', 'type ' || s.srvtype, 'version ' || s.srvversion, 'foreign data wrapper ' || quote_ident(w.fdwname),
                'options ' || @options(s.srvoptions), 'grants ' || @acl(s.srvacl, 'S', s.srvowner))
            from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where @(s.oid)
          union all
          select 'pg_language'::regclass, oid, 'language', lanowner,
              concat_ws(' ', lanplcallfoid::regproc, laninline::regproc, lanvalidator::regproc, case when lanpltrusted then 'trusted' end,
                'grants ' || @acl(lanacl, 'l', lanowner))
            from pg_language where oid >= 16384 and @(oid)
          union all
          select 'pg_transform'::regclass, oid, 'transform', null, concat_ws(' ', trffromsql, trftosql)
            from pg_transform where @(oid)
          union all
          select 'pg_am'::regclass, oid, 'access method', null, concat_ws(' ', amtype, amhandler)
            from pg_am where oid >= 16384 and @(oid)
        ) unusual (of_class, oid, kind, owner, definition)
        where not exists (select from pg_depend x where x.classid = of_class and x.objid = unusual.oid and x.deptype in ('e', 'i'))
      """;

  private CatalogOthersSql() {}
}
