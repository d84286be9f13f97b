package dev.slipway.pipeline.selftest;

import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.lock.Blocked;
import dev.slipway.migrations.lock.Felt;
import dev.slipway.migrations.lock.Hold;
import dev.slipway.migrations.lock.LockMeasurement;
import dev.slipway.migrations.lock.LockQueue;
import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.lock.RevisionLocks;
import dev.slipway.migrations.lock.Scan;
import dev.slipway.migrations.lock.Timeline;
import dev.slipway.migrations.lock.Timeline.Mark;
import dev.slipway.migrations.report.MigrationReport;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.rule.Waiver;
import dev.slipway.migrations.walk.WalkedRevision;
import dev.slipway.platform.Migrations;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A report with everything that a page must be able to show: branches, findings, hostile names. */
final class SampleReport {

  /** What would run, load or break out if it were not escaped. */
  static final String HOSTILE = "</script></pre><img src=https://example.org/x onerror=alert(1)>";

  private static final String WORD = "a_name_without_a_break_".repeat(6);

  private SampleReport() {}

  static MigrationReport report() {
    MigrationFinding left =
        new MigrationFinding(
            Rule.LEFT_BEHIND,
            "4f1c",
            "enum type order_status",
            "After `downgrade` of 4f1c (add order status) the enum type order_status is still there; add `sa.Enum(name='order_status').drop(op.get_bind())`.");
    MigrationFinding lost =
        new MigrationFinding(
            Rule.ROWS_LOST,
            "77d0",
            "customer_phones",
            "After `downgrade` of 77d0 the table customer_phones has 6 rows fewer than before.");
    MigrationFinding whole =
        new MigrationFinding(
            Rule.ONE_TRANSACTION_FAILS,
            "",
            "",
            "One `alembic upgrade head` on an empty database fails: unsafe use of new value \"refunded\" of enum type order_status.");
    return new MigrationReport(
        List.of(
            walked(
                "1a00",
                "create customers",
                List.of(),
                2,
                List.of(
                    "CREATE TABLE customers (\n\tid integer PRIMARY KEY,\n\tname text NOT NULL\n)"),
                table("customers"),
                List.of(),
                Map.of()),
            walked(
                "4f1c",
                "add order status",
                List.of("1a00"),
                1,
                List.of(
                    "CREATE TYPE order_status AS ENUM ('placed', 'paid')",
                    "ALTER TABLE orders ADD COLUMN status order_status DEFAULT 'placed' NOT NULL"),
                List.of(
                    new SchemaObject(
                        "column",
                        "orders",
                        "status",
                        "order_status not null default 'placed'::order_status"),
                    new SchemaObject("enum type", "", "order_status", "placed, paid")),
                List.of(),
                Map.of("orders", 3L)),
            walked(
                "77d0",
                "merge contact points",
                List.of("1a00"),
                1,
                List.of("UPDATE customers SET name = trim(name)"),
                List.of(),
                List.of(new SchemaObject("table", "", "customer_phones", "")),
                Map.of("customers", 3L, "customer_phones", 6L)),
            walked(
                "9b2e",
                "merge heads",
                List.of("4f1c", "77d0"),
                1,
                List.of(),
                List.of(),
                List.of(),
                Map.of("customers", 6L, "orders", 6L)),
            walked(
                "a" + HOSTILE,
                HOSTILE,
                List.of("9b2e"),
                1,
                List.of("SELECT '" + HOSTILE + "', \"" + WORD + "\""),
                List.of(new SchemaObject("table", "", "\"" + HOSTILE + WORD + "\"", HOSTILE)),
                List.of(),
                Map.of(HOSTILE + WORD, 1_234_567L)),
            walked(
                "c3d4",
                "index orders by customer",
                List.of("a" + HOSTILE),
                0,
                List.of("CREATE INDEX CONCURRENTLY ix_orders_customer_id ON orders (customer_id)"),
                List.of(
                    new SchemaObject(
                        "index",
                        "orders",
                        "ix_orders_customer_id",
                        "CREATE INDEX ix_orders_customer_id ON orders USING btree (customer_id)")),
                List.of(),
                Map.of("customers", 9L, "orders", 9L))),
        new Judgement(
            List.of(whole, left),
            List.of(
                new Judgement.Waived(
                    lost,
                    new Waiver(
                        "77d0",
                        3,
                        Rule.ROWS_LOST,
                        "the numbers were test data " + HOSTILE,
                        LocalDate.of(2026, 12, 31))))),
        Map.of("audit." + WORD, "no value fits the check `" + HOSTILE + "`"),
        locks());
  }

  /** One revision with locks of every kind, hostile names and many statements, and one without. */
  private static LockReport locks() {
    String add = "ALTER TABLE orders ADD COLUMN status order_status DEFAULT 'placed' NOT NULL";
    String rows = "UPDATE \"" + HOSTILE + WORD + "\" SET x = x";
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      marks.add(new Mark(i + 1, 3 * i, 3 * i + 3));
    }
    Timeline busy =
        new Timeline(
            1200,
            marks,
            List.of(
                new Hold("customers", Blocked.WRITES, 60, 180, 1200, false, Map.of()),
                new Hold("customers", Blocked.READS, 200, 600, 1200, true, Map.of()),
                new Hold("orders", Blocked.READS, 1, 0, 1200, false, Map.of()),
                new Hold(HOSTILE + WORD, Blocked.ROWS, 300, 900, 1200, false, Map.of())),
            List.of(
                new Felt("orders", Blocked.READS, 1, add, 30, 1210),
                new Felt("customers", Blocked.WRITES, 60, add, 200, 1200),
                new Felt(HOSTILE + WORD, Blocked.ROWS, 300, rows, 930, 1200)),
            List.of(new Scan(HOSTILE + WORD, 300, rows, 1_234_567)));
    Timeline calm = new Timeline(3.2, List.of(new Mark(1, 0, 3)), List.of(), List.of(), List.of());
    return LockReport.of(
        new LockMeasurement(
            List.of(
                new RevisionLocks(
                    revision("4f1c", "add order status", List.of("1a00"), 1),
                    busy,
                    true,
                    List.of(),
                    Optional.of(new LockQueue("orders", 1, add, false, OptionalDouble.of(301)))),
                new RevisionLocks(
                    revision("c3d4", "index orders by customer", List.of("a" + HOSTILE), 0),
                    calm,
                    true,
                    List.of(),
                    Optional.empty())),
            Set.of(),
            Map.of(),
            List.of()),
        Migrations.DEFAULT);
  }

  private static Revision revision(String id, String title, List<String> parents, int branches) {
    return new Revision(
        id, parents, branches, title, "migrations/versions/" + id + ".py", List.of());
  }

  private static List<SchemaObject> table(String name) {
    return List.of(new SchemaObject("table", "", name, ""));
  }

  private static WalkedRevision walked(
      String id,
      String title,
      List<String> parents,
      int branches,
      List<String> statements,
      List<SchemaObject> made,
      List<SchemaObject> gone,
      Map<String, Long> rows) {
    return new WalkedRevision(
        revision(id, title, parents, branches),
        step(12.3 * (1 + statements.size()), statements),
        step(4.5, List.of("DROP TABLE something")),
        made,
        List.of(),
        gone,
        rows,
        rows.containsKey("orders") ? Map.of("orders", 2L) : Map.of());
  }

  private static StepResult step(double millis, List<String> statements) {
    boolean alone = statements.stream().anyMatch(sql -> sql.contains("CONCURRENTLY"));
    return new StepResult(
        true, millis, false, false, "", "", statements, alone ? List.of(1) : List.of());
  }
}
