package dev.slipway.effect.postgres;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query behind a {@link dev.slipway.catalog.Catalog}: for each object the oid of its group, its
 * own oid, and what {@link dev.slipway.catalog.SchemaObject} is made of.
 *
 * @param major the version of PostgreSQL that is asked
 * @see <a href="https://www.postgresql.org/docs/current/catalogs.html">System catalogs</a>
 */
record CatalogQuery(int major) {

  private static final String UNION = "union all\n";

  private static final String SCHEMAS =
      """
      with own_schema as (
        select oid, nspname, nspacl, nspowner from pg_namespace
        where nspname !~ '^pg_' and nspname <> 'information_schema')
      """;

  private static final String RELATIONS = SCHEMAS + CatalogTablesSql.RELATIONS;

  /** How a line ends that not every version understands. */
  private static final Pattern VERSIONS = Pattern.compile("-- since (\\d+)(?: before (\\d+))?$");

  private static final String COLLATION =
      "(select format('%I.%I', n.nspname, l.collname) from pg_collation l"
          + " join pg_namespace n on n.oid = l.collnamespace where l.oid = $1)";

  /** The one that a server understands. */
  static CatalogQuery of(Connection connection) throws SQLException {
    return new CatalogQuery(connection.getMetaData().getDatabaseMajorVersion());
  }

  /** Every object. */
  String all() {
    return complete(
            String.join(
                UNION,
                RELATIONS + CatalogTablesSql.COMMON,
                CatalogTablesSql.VIEWS,
                CatalogTablesSql.RARE,
                CatalogOthersSql.COMMON,
                CatalogOthersSql.UNUSUAL))
        .replaceAll("@\\(([\\w.]+)\\)", "true");
  }

  /** The tables among some groups, whose oids are called {@code wanted}. */
  String wantedTables() {
    return wanted(RELATIONS + CatalogTablesSql.COMMON);
  }

  /** The views and foreign tables among them; of the latter their columns are with the tables. */
  String wantedViews() {
    return wanted(RELATIONS + CatalogTablesSql.VIEWS);
  }

  /**
   * What few relations have. Apart from the rest, since starting a query costs more here than
   * running it, and the more the longer it is.
   */
  String wantedRare() {
    return wanted(RELATIONS + CatalogTablesSql.RARE);
  }

  /** Whether any among them has that. */
  static final String HAVE_RARE =
      """
      select from pg_class c where c.oid = any(wanted) and (c.relkind in ('S', 'c') or c.relhasrules
        or exists (select from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
        or exists (select from pg_policy p where p.polrelid = c.oid)
        or exists (select from pg_statistic_ext x where x.stxrelid = c.oid))
      """;

  /** The schemas, types and functions among them, a row each. */
  String wantedOthers() {
    return wanted(SCHEMAS + CatalogOthersSql.COMMON);
  }

  /** Whatever else is among them. */
  String wantedUnusual() {
    return wanted(SCHEMAS + CatalogOthersSql.UNUSUAL);
  }

  private String wanted(String text) {
    return "select a::oid, b::oid, c::text, d::text, e::text, f::text from ("
        + complete(text).replaceAll("@\\(([\\w.]+)\\)", "$1 = any(wanted)")
        + ") found (a, b, c, d, e, f)";
  }

  /** A description is looked up without a function, which would cost more than all the rest. */
  private String complete(String text) {
    return text.lines()
        .filter(this::understands)
        .collect(joining("\n", "", "\n"))
        .replaceAll("([\\w.]+)::regcollation", major < 13 ? COLLATION : "$0")
        .replaceAll(
            "@owner\\(([\\w.]+)\\)",
            "'owner ' || nullif($1::regrole::text, quote_ident(current_user))")
        .replace("@own", OwnSchema.NAME)
        .replaceAll(
            "@comment\\(([\\w.]+), ('\\w+'), ([\\w.]+)\\)",
            "(select q.description from pg_description q"
                + " where q.objoid = $1 and q.classoid = $2::regclass and q.objsubid = $3)")
        .replaceAll(
            "@options\\(([\\w.]+)\\)",
            "(select string_agg(x::text, ', ' order by x::text) from unnest($1) x)")
        .replaceAll(
            "@acl\\(([\\w.]+), '(\\w)', ([\\w.]+)\\)",
            "(select string_agg(x::text, ', ' order by x::text) from unnest($1) x having array_agg(x::text order by x::text)"
                + " is distinct from (select array_agg(y::text order by y::text) from unnest(acldefault('$2', $3)) y))");
  }

  private boolean understands(String line) {
    Matcher versions = VERSIONS.matcher(line);
    if (!versions.find()) {
      return true;
    }
    String before = versions.group(2);
    return major >= Integer.parseInt(versions.group(1))
        && (before == null || major < Integer.parseInt(before));
  }
}
