package dev.slipway.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.lock.RevisionLocks;
import dev.slipway.migrations.report.MigrationReport;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.platform.Migrations;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** What goes wrong is found, whatever stands beside it. */
@Tag("selftest")
class MigrationCheckIT {

  private static final LocalDate TODAY = LocalDate.of(2026, 1, 1);
  private static final List<String> NOTHING = List.of();
  private static final List<String> BOOKS =
      List.of("create table books (id serial primary key, title text not null)");
  private static final List<String> NO_BOOKS = List.of("drop table books");

  @AutoClose
  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");

  @BeforeAll
  static void start() {
    POSTGRES.start();
  }

  @Test
  void findsADowngradeThatForgetsALabelInUse() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of(
                    "create type mood as enum ('a')", "create table moods (mood mood not null)"),
                List.of("drop table moods", "drop type mood"))
            .with(List.of("alter type mood add value if not exists 'b'"), mood("'a'"));

    assertThat(rules(alembic, Part.WALK)).containsExactly("downgrade-fails");
  }

  @Test
  void findsAnUpgradeThatForgetsALabelInUse() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of(
                    "create type mood as enum ('a', 'b')",
                    "create table moods (mood mood not null)"),
                List.of("drop table moods", "drop type mood"))
            .with(mood("'a'"), mood("'a', 'b'"));

    assertThat(rules(alembic, Part.WALK)).containsExactly("upgrade-fails");
  }

  private static List<String> mood(String labels) {
    return List.of(
        "alter type mood rename to former",
        "create type mood as enum (" + labels + ")",
        "alter table moods alter mood type mood using mood::text::mood",
        "drop type former");
  }

  @Test
  void findsATriggerThatRefusesEveryRow() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of(
                    "create function no() returns trigger language plpgsql as $$ begin new.author"
                        + " := 1; return new; end $$",
                    "create trigger no before insert on books for each row execute function no()"),
                List.of("drop trigger no on books", "drop function no()"));

    assertThat(findings(alembic, Part.WALK))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule().id()).isEqualTo("rows-refused");
              assertThat(finding.revision()).isEqualTo("0002");
              assertThat(finding.message()).contains("after `upgrade` of 0002 table books");
            });
  }

  @Test
  void findsASequenceThatADowngradeLetsBeginAnew() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("alter table books alter id drop default", "drop sequence books_id_seq"),
                List.of(
                    "create sequence books_id_seq as int owned by books.id",
                    "alter table books alter id set default nextval('books_id_seq')"));

    assertThat(findings(alembic, Part.WALK))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule().id()).isEqualTo("rows-refused");
              assertThat(finding.message()).contains("after `downgrade` of 0002 table books");
            });
  }

  private static final List<String> COLOURS =
      List.of(
          "create table colours (id serial primary key, name text not null)",
          "insert into colours values (1, 'red'), (2, 'blue'), (3, 'green')");
  private static final List<String> NO_COLOURS = List.of("drop table colours");
  private static final List<String> LEFT = List.of("create table left_behind (id int)");

  @Test
  void findsSeedsInTheWayOfASequenceAndBlamesTheRevisionThatBringsThem() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(COLOURS, NO_COLOURS)
            .with(LEFT, NOTHING)
            .with(
                List.of("alter table books add note text"), List.of("alter table books drop note"));

    try (MigrationCheck check = added(alembic, Set.of("0002.py", "0003.py", "0004.py"))) {
      assertThat(check.findings(Part.WALK))
          .extracting(finding -> finding.rule() + " " + finding.revision())
          .contains("rows-refused 0002", "left-behind 0003")
          .doesNotContain("rows-refused 0003", "rows-refused 0004");
      assertThat(check.findings(Part.WALK).get(0).message())
          .contains(
              "after `upgrade` of 0002 table colours refuses the first row",
              "SELECT setval(pg_get_serial_sequence('colours', 'id'), (SELECT max(id) FROM"
                  + " colours))");
    }
  }

  @Test
  void saysNothingOfSeedsThatProductionHasButHearsTheirWaiver() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(COLOURS, NO_COLOURS)
            .with(LEFT, List.of("drop table left_behind"));
    try (MigrationCheck check = added(alembic, Set.of("0003.py"))) {
      assertThat(check.findings(Part.WALK)).isEmpty();
    }

    SqlAlembic waiving =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                COLOURS, NO_COLOURS, "allow rows-refused because=nobody inserts until=2026-12-31");
    try (MigrationCheck check = check(waiving)) {
      assertThat(check.run(TODAY).judgement().failing()).isEmpty();
    }
  }

  @Test
  void doesNotProveAForeignKeyWhoseNumbersSlipwayMadeUp() {
    List<String> tables =
        List.of(
            "create table people (id serial primary key)",
            "create table books (id serial primary key, editor_id int, owner_id int references"
                + " people)");
    List<String> back = List.of("drop table books, people");
    List<String> key =
        List.of(
            "alter table books add constraint edited foreign key (editor_id) references people");
    List<String> noKey = List.of("alter table books drop constraint edited");
    SqlAlembic atOnce = alembic().with(tables, back).with(key, noKey).with(LEFT, NOTHING);
    try (MigrationCheck check = check(atOnce)) {
      assertThat(ids(check.findings(Part.WALK)))
          .contains("left-behind")
          .doesNotContain("upgrade-fails");
      assertThat(check.report(TODAY).unfilled().get("0002"))
          .contains("Slipway made the number up", "Key (editor_id)=")
          .doesNotContain("Mend the revision");
    }

    SqlAlembic inTwoSteps =
        alembic()
            .with(tables, back)
            .with(List.of(key.get(0) + " not valid"), noKey)
            .with(List.of("alter table books validate constraint edited"), NOTHING);
    try (MigrationCheck check = check(inTwoSteps)) {
      assertThat(check.findings(Part.WALK)).isEmpty();
      assertThat(check.report(TODAY).unfilled()).containsKey("0003");
    }

    SqlAlembic broken =
        alembic().with(tables, back).with(List.of("update books set owner_id = 0"), NOTHING);
    assertThat(rules(broken, Part.WALK)).contains("upgrade-fails");
    SqlAlembic added =
        alembic()
            .with(tables, back)
            .with(
                List.of("alter table books add author_id int not null default 0 references people"),
                List.of("alter table books drop author_id"));
    assertThat(rules(added, Part.WALK)).containsExactly("upgrade-fails");
  }

  @Test
  void provesNoForeignKeyOverAColumnThatIsRenamedAndFindsANumberOfTheRevisionsOwn() {
    List<String> messages = List.of("create table messages (id serial primary key, parent int)");
    List<String> noMessages = List.of("drop table messages");
    SqlAlembic renamed =
        alembic()
            .with(messages, noMessages)
            .with(
                List.of(
                    "alter table messages rename parent to parent_id",
                    "alter table messages add constraint under foreign key (parent_id) references messages"),
                List.of(
                    "alter table messages drop constraint under",
                    "alter table messages rename parent_id to parent"));
    for (SqlAlembic alembic : List.of(renamed, renamed.committingEachStatement())) {
      try (MigrationCheck check = check(alembic)) {
        assertThat(check.findings(Part.WALK)).isEmpty();
        assertThat(check.report(TODAY).unfilled().get("0002"))
            .contains("Slipway made the number up", "Key (parent_id)=");
      }
    }

    SqlAlembic written =
        alembic()
            .with(messages, noMessages)
            .with(
                List.of(
                    "update messages set parent = 7",
                    "alter table messages add constraint under foreign key (parent) references messages"),
                List.of("alter table messages drop constraint under"));
    assertThat(rules(written, Part.WALK)).contains("upgrade-fails");
    SqlAlembic deleted =
        alembic()
            .with(
                List.of(
                    "create table people (id serial primary key)",
                    "create table books (id serial primary key, owner_id int references people)"),
                List.of("drop table books, people"))
            .with(List.of("delete from people"), NOTHING);
    assertThat(rules(deleted, Part.WALK)).contains("upgrade-fails");
  }

  @Test
  void reportsWhatItHadFoundWhenItIsInterrupted() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(List.of("create table left_behind (id int)"), NOTHING)
            .interruptedWhenCalled();

    try (MigrationCheck check = check(alembic)) {
      List<MigrationFinding> failing = check.run(TODAY).judgement().failing();

      assertThat(ids(failing)).contains("left-behind", "not-checked");
      assertThat(failing.get(failing.size() - 1).message())
          .startsWith(
              "The check was interrupted, and is incomplete: whether all at once make what each by itself makes");
      assertThat(Thread.interrupted()).as("the report can be written").isFalse();
    }
  }

  @Test
  void findsThatLettersStaySmall() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(List.of("update books set title = lower(title)"), NOTHING);

    assertThat(rules(alembic, Part.WALK)).containsExactly("rows-lost");
  }

  @Test
  void callsNoWaiverNeedlessWhoseNeedDependsOnTheRows() {
    String waiver = "allow %s because=amounts are cut for good until=2026-12-31";
    List<String> books =
        List.of("create table books (id serial primary key, balance int not null default 0)");
    List<String> cut = List.of("update books set balance = 0 where balance < 0");
    for (String rule : List.of("downgrade-missing", "rows-lost")) {
      try (MigrationCheck check =
          check(alembic().with(books, NO_BOOKS).with(cut, NOTHING, waiver.formatted(rule)))) {
        assertThat(check.run(TODAY).judgement().failing()).as(rule).isEmpty();
      }
    }
    SqlAlembic needless =
        alembic()
            .with(books, NO_BOOKS)
            .with(
                List.of("alter table books add note text"),
                List.of("alter table books drop note"),
                waiver.formatted("downgrade-missing"));
    try (MigrationCheck check = check(needless)) {
      assertThat(ids(check.run(TODAY).judgement().failing())).containsExactly("waiver-unused");
    }
  }

  @Test
  void looksBehindARevisionThatMayLoseRows() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("delete from books", "alter table books alter title drop not null"),
                List.of("alter table books alter title set not null"),
                "allow rows-lost because=meant so until=2026-12-31");

    assertThat(unwaived(alembic, Part.WALK)).containsExactly("downgrade-fails");
  }

  @Test
  void saysWhatIsNotCheckedBehindARevisionThatMayFail() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("select from nothing"),
                NOTHING,
                "allow upgrade-fails because=not here until=2026-12-31")
            .with(List.of("create table left_behind ()"), NOTHING);

    assertThat(unwaived(alembic, Part.WALK)).containsExactly("not-checked");
  }

  @Test
  void saysWhichPartsAreNotCheckedWhereASecondDatabaseCannotBeUpgraded() {
    SqlAlembic alembic = alembic().with(BOOKS, NO_BOOKS).failingAfterCall(1);
    try (MigrationCheck check = check(alembic)) {
      assertThat(check.findings(Part.ONE_TRANSACTION)).isEmpty();
      for (Part part : List.of(Part.KILLED, Part.TWO_AT_ONCE, Part.DRIFT)) {
        assertThat(check.findings(part))
            .singleElement()
            .satisfies(
                finding -> {
                  assertThat(finding.rule().id()).isEqualTo("not-checked");
                  assertThat(finding.message()).contains("the search engine has the index already");
                });
      }
    }
  }

  @Test
  void letsARevisionMakeARole() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("create role reader", "grant select on books to reader"),
                List.of("revoke select on books from reader", "drop role reader"));

    try (MigrationCheck check = check(alembic)) {
      assertThat(check.findings(Part.WALK)).isEmpty();
      assertThat(check.findings(Part.ONE_TRANSACTION)).isEmpty();
      assertThat(check.findings(Part.TWO_AT_ONCE)).isEmpty();
    }
  }

  @Test
  void triesOneTransactionWithTheRowsThatProductionHas() {
    SqlAlembic alembic =
        deferred(List.of("update books set shelf_id = (select max(id) from shelves)"));

    try (MigrationCheck check = added(alembic, Set.of("0002.py", "0003.py"))) {
      assertThat(check.findings(Part.ONE_TRANSACTION))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.rule().id()).isEqualTo("one-transaction-fails");
                assertThat(finding.message())
                    .contains(
                        "with rows", "pending trigger events", "SET CONSTRAINTS ALL IMMEDIATE");
              });
    }
  }

  @Test
  void findsNothingInOneTransactionThatChecksWhatWaitsForTheCommit() {
    SqlAlembic alembic =
        deferred(
            List.of(
                "update books set shelf_id = (select max(id) from shelves)",
                "set constraints all immediate"));

    try (MigrationCheck check = added(alembic, Set.of("0002.py", "0003.py"))) {
      assertThat(check.findings(Part.ONE_TRANSACTION)).isEmpty();
    }
  }

  @Test
  void blamesNoTransactionForWhatFailsOneAtATimeToo() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(List.of("alter table books add price int not null"), NOTHING);

    try (MigrationCheck check = added(alembic, Set.of("0002.py"))) {
      assertThat(check.findings(Part.WALK)).isNotEmpty();
      assertThat(check.findings(Part.ONE_TRANSACTION)).isEmpty();
    }
  }

  private static SqlAlembic deferred(List<String> update) {
    return alembic()
        .with(
            List.of(
                "create table shelves (id int primary key)",
                "create table books (id int primary key, shelf_id int not null references shelves"
                    + " deferrable initially deferred)"),
            List.of("drop table books", "drop table shelves"))
        .with(update, NOTHING)
        .with(
            List.of("alter table books add note text"),
            List.of("alter table books drop column note"));
  }

  private static MigrationCheck added(SqlAlembic alembic, Set<String> files) {
    return MigrationCheck.of(
        alembic, Migrations.DEFAULT, Scope.all(new NewRevisions(files, Map.of())), line -> {});
  }

  @Test
  void saysThatItDidNotSeeWhatARevisionSent() {
    SqlAlembic alembic = alembic().with(BOOKS, NO_BOOKS).keepingStatementsToItself();

    try (MigrationCheck check = check(alembic)) {
      check.findings(Part.WALK);

      assertThat(check.report(TODAY).unfilled())
          .containsOnlyKeys("0001, which sends statements past SQLAlchemy");
    }
  }

  @Test
  void saysWhereTheSchemaDependsOnRows() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of(
                    "do $$ begin if exists (select from books) then create index ix_titles on books (title); end if; end $$"),
                List.of("drop index if exists ix_titles"));

    try (MigrationCheck check = check(alembic)) {
      assertThat(check.findings(Part.ONE_TRANSACTION)).isEmpty();

      assertThat(check.report(TODAY).unfilled())
          .containsOnlyKeys("the schema that the revisions make")
          .allSatisfy((of, why) -> assertThat(why).contains("index ix_titles on books"));
    }
  }

  @Test
  void walksTheSchemaAloneWhereOnlyThatIsAsked() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("alter table books rename to volumes", "create type kind as enum ('a')"),
                List.of("delete from volumes", "alter table volumes rename to books"));

    try (MigrationCheck check =
        MigrationCheck.ofSchema(alembic, Migrations.DEFAULT, Scope.ALL, line -> {})) {
      MigrationReport report = check.run(TODAY);

      assertThat(report.judgement().failing())
          .extracting(MigrationFinding::rule)
          .containsExactly(Rule.LEFT_BEHIND);
      assertThat(report.unfilled()).containsOnlyKeys("all but the schema");
    }
    assertThat(rules(alembic, Part.WALK)).contains("left-behind", "rows-lost");
  }

  @Test
  void asksNoDowngradeToTakeBackAValidation() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("alter table books add constraint titled check (title <> '') not valid"),
                List.of("alter table books drop constraint titled"))
            .with(List.of("alter table books validate constraint titled"), NOTHING);

    assertThat(rules(alembic, Part.WALK)).isEmpty();
  }

  @Test
  void takesNumbersForWhatTheyAreWhateverZerosTheyHave() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of("create table prices (id serial primary key, price numeric not null)"),
                List.of("drop table prices"))
            .with(
                List.of("update prices set price = price * 100"),
                List.of("update prices set price = price / 100"));

    assertThat(rules(alembic, Part.WALK)).isEmpty();
  }

  @Test
  void hasNoSchemaOfItsOwnForRevisionsThatGoThroughAll() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of(
                    "create schema tenant", "create table tenant.books (id serial primary key)"),
                List.of("drop table tenant.books", "drop schema tenant"))
            .with(
                List.of(inEachSchema("alter table %I.books add column title text")),
                List.of(inEachSchema("alter table %I.books drop column title")));

    assertThat(rules(alembic, Part.WALK)).isEmpty();
  }

  private static String inEachSchema(String statement) {
    return """
    do $$ declare found name; begin
      for found in select nspname from pg_namespace where nspname not like 'pg\\_%%' and nspname not in ('public', 'information_schema') loop
        execute format('%s', found);
      end loop;
    end $$
    """
        .formatted(statement);
  }

  @Test
  void findsAValueThatComesBackAsTheDefault() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of("create table books (id serial primary key, sort int not null default 0)"),
                NO_BOOKS)
            .with(List.of("update books set sort = 7"), List.of("update books set sort = 0"));

    assertThat(rules(alembic, Part.WALK)).containsExactly("rows-lost");
  }

  @Test
  void findsATriggerThatBearsNoUpdate() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of(
                    "create table books (id serial primary key, title text, pages int)",
                    "create function touch() returns trigger language plpgsql as $$ begin new.pages"
                        + " := 1; return new; end $$",
                    "create trigger touch before update on books for each row execute function"
                        + " touch()"),
                List.of("drop table books", "drop function touch()"))
            .with(
                List.of("alter table books rename pages to sheets"),
                List.of("alter table books rename sheets to pages"));

    assertThat(findings(alembic, Part.WALK))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule().id()).isEqualTo("rows-refused");
              assertThat(finding.message())
                  .contains("after `upgrade` of 0002 table books refuses every UPDATE");
            });
  }

  @Test
  void takesRowsOfAnAuditForNoFinding() {
    List<String> audited =
        List.of(
            "create table books (id serial primary key, title text not null)",
            "create table audit (id serial primary key, what text)",
            "create function note() returns trigger language plpgsql as $$ begin insert into audit"
                + " (what) values (tg_op); return null; end $$",
            "create trigger note after insert or update on books for each row execute function"
                + " note()");
    List<String> back = List.of("drop table books, audit", "drop function note()");
    List<String> upper = List.of("update books set title = title || '!'");
    List<String> lower = List.of("update books set title = left(title, -1)");
    try (MigrationCheck check = check(alembic().with(audited, back).with(upper, lower))) {
      assertThat(check.findings(Part.WALK)).isEmpty();
      assertThat(check.report(TODAY).unfilled())
          .containsKey("0002, which has triggers write into audit");
    }

    assertThat(
            rules(
                alembic()
                    .with(audited, back)
                    .with(List.of("insert into audit (what) values ('so')"), NOTHING),
                Part.WALK))
        .containsExactly("left-behind");
  }

  @Test
  void believesNoLookThatMissedAnIdentitysSequence() {
    assertThat(
            rules(
                alembic()
                    .with(
                        List.of("create table books (id int generated by default as identity)"),
                        NO_BOOKS)
                    .with(
                        List.of("alter table books alter id drop identity"),
                        List.of(
                            "alter table books alter id add generated by default as identity",
                            "select setval('books_id_seq', 1000)")),
                Part.WALK))
        .isEmpty();
  }

  @Test
  void believesNoLookThatMissedAnIndexThatWasMadeAnew() {
    SqlAlembic alembic =
        alembic()
            .with(
                List.of(
                    "create table books (title text)", "create index by_title on books (title)"),
                NO_BOOKS)
            .with(List.of("reindex index concurrently by_title"), NOTHING)
            .with(
                List.of("drop index by_title"), List.of("create index by_title on books (title)"));

    assertThat(rules(alembic.committingEachStatement(), Part.WALK)).isEmpty();
  }

  @Test
  void walksTwiceOnlyWhereSchemasDiffer() {
    assertThat(told(alembic().with(BOOKS, NO_BOOKS)))
        .noneMatch(line -> line.contains("walking again"));
    assertThat(told(alembic().with(BOOKS, NO_BOOKS).with(List.of("create table more ()"), NOTHING)))
        .filteredOn(line -> line.contains("walking again"))
        .hasSize(1);
  }

  private static List<String> told(SqlAlembic alembic) {
    List<String> lines = new ArrayList<>();
    try (MigrationCheck check =
        MigrationCheck.of(alembic, Migrations.DEFAULT, Scope.ALL, lines::add)) {
      check.findings(Part.WALK);
    }
    return lines;
  }

  @Test
  void saysThatRowsCameAfterAnEarlierRevisionFilledThemIn() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("alter table books add shelf int", "update books set shelf = 1"),
                List.of("alter table books drop shelf"))
            .with(
                List.of("alter table books alter shelf set not null"),
                List.of("alter table books alter shelf drop not null"));

    assertThat(findings(alembic, Part.WALK))
        .first()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .contains(
                        "what an earlier revision filled in is not in those that came after"));
  }

  @Test
  void saysWhatIsNotCheckedBesidesAWaiverOfOneTransaction() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                NOTHING,
                NOTHING,
                "allow one-transaction-fails because=long deployed until=2026-12-31")
            .failingAfterCall(0);
    try (MigrationCheck check = check(alembic)) {
      assertThat(check.withoutWaived(check.findings(Part.ONE_TRANSACTION), TODAY)).isEmpty();
      for (Part part : List.of(Part.KILLED, Part.TWO_AT_ONCE)) {
        assertThat(ids(check.findings(part))).containsExactly("not-checked");
      }
      assertThat(check.findings(Part.DRIFT)).isEmpty();
    }
  }

  @Test
  void seesWhatIsDoneWhileTriggersAreSwitchedOff() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of(
                    "set session_replication_role = replica",
                    "alter table books add column author text"),
                List.of(
                    "set session_replication_role = replica",
                    "alter table books drop column author"));

    assertThat(rules(alembic, Part.WALK)).isEmpty();
  }

  @Test
  void looksAtLocksBehindARevisionThatRowsStandInTheWayOf() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of("alter table books alter title type int using title::int"),
                List.of("alter table books alter title type text using title::text"))
            .with(
                List.of("create index by_title on books (title)"), List.of("drop index by_title"));

    try (MigrationCheck check = check(alembic, Map.of("books", 1000L))) {
      assertThat(check.findings(Part.LOCKS)).isEmpty();
      LockReport locks = check.report(TODAY).locks();
      assertThat(locks.revisions())
          .extracting(seen -> seen.revision().id(), RevisionLocks::filled)
          .containsExactly(tuple("0002", false), tuple("0003", true));
      assertThat(locks.unmeasured()).containsOnlyKeys("revision 0002");
      assertThat(locks.unmeasured().get("revision 0002"))
          .contains("fails, and was looked at without any", "invalid input syntax");
    }
    try (MigrationCheck check = check(alembic, Map.of("boks", 1000L))) {
      assertThatThrownBy(() -> check.findings(Part.LOCKS))
          .hasMessageContaining("'boks' has, and no revision makes it; did you mean 'books'");
    }
  }

  @Test
  void saysWhichLocksItCannotLookAt() {
    SqlAlembic alembic =
        alembic()
            .with(BOOKS, NO_BOOKS)
            .with(
                List.of(
                    "do $$ begin if (select count(*) from books) not between 1 and 100 then raise"
                        + " 'so many books'; end if; end $$"),
                NOTHING)
            .with(
                List.of("create index by_title on books (title)"), List.of("drop index by_title"));

    try (MigrationCheck check = check(alembic, Map.of("books", 1000L))) {
      assertThat(check.findings(Part.LOCKS))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.rule().id()).isEqualTo("not-checked");
                assertThat(finding.message()).contains("is not checked of 0002, 0003");
              });
      assertThat(check.report(TODAY).locks().unmeasured())
          .containsOnlyKeys("revision 0002", "revision 0003");
    }
    try (MigrationCheck check = check(alembic, Map.of())) {
      assertThat(check.findings(Part.LOCKS)).isEmpty();
    }
  }

  private static MigrationCheck check(SqlAlembic alembic, Map<String, Long> sizes) {
    Migrations none = Migrations.DEFAULT;
    Migrations settings =
        new Migrations(
            none.directory(),
            none.command(),
            none.knownDrift(),
            sizes,
            none.longestBlock(),
            none.patience());
    NewRevisions fresh = new NewRevisions(Set.of("0002.py", "0003.py"), Map.of());
    return MigrationCheck.of(alembic, settings, Scope.all(fresh), line -> {});
  }

  private static SqlAlembic alembic() {
    return new SqlAlembic(POSTGRES);
  }

  private static MigrationCheck check(SqlAlembic alembic) {
    return MigrationCheck.of(alembic, Migrations.DEFAULT, Scope.ALL, line -> {});
  }

  private static List<MigrationFinding> findings(SqlAlembic alembic, Part part) {
    try (MigrationCheck check = check(alembic)) {
      return check.findings(part);
    }
  }

  private static List<String> rules(SqlAlembic alembic, Part part) {
    return ids(findings(alembic, part));
  }

  private static List<String> unwaived(SqlAlembic alembic, Part part) {
    try (MigrationCheck check = check(alembic)) {
      return ids(check.withoutWaived(check.findings(part), TODAY));
    }
  }

  private static List<String> ids(List<MigrationFinding> findings) {
    return findings.stream().map(finding -> finding.rule().id()).toList();
  }
}
