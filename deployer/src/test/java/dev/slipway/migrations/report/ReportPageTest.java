package dev.slipway.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.catalog.SchemaObject;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.rule.Waiver;
import dev.slipway.migrations.walk.WalkedRevision;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private static final String HOSTILE = "</script></pre>\"'`<img src=x onerror=alert(1)>{{title}}";
  private static final MigrationFinding LEFT =
      new MigrationFinding(
          Rule.LEFT_BEHIND, "b", "e", "the enum type e is still there; add `drop_it()`");
  private static final MigrationFinding LOSS =
      new MigrationFinding(Rule.ROWS_LOST, "a", "t", "rows are lost");
  private static final MigrationFinding WHOLE =
      new MigrationFinding(Rule.CLASHES_WITH_ITSELF, "", "", "two at once do harm");
  private static final Waiver WAIVER =
      new Waiver("a", 3, Rule.ROWS_LOST, "nobody used it", LocalDate.of(2026, 12, 31));

  @Test
  void tellsWhatIsWrongThenOfEachRevisionThenOfTheRules() {
    String page =
        page(
            new Judgement(List.of(WHOLE, LEFT), List.of(new Judgement.Waived(LOSS, WAIVER))),
            Map.of("odd", "no value fits"),
            walked("a", "begin"),
            walked("b", "go on", "a"));

    assertThat(all(page, "<(h1|h2|h3)>(.*?)</\\1>|<span class=\"name\">(.*?)</span></span>"))
        .containsExactly(
            "2 findings",
            "Findings by rule",
            "Found elsewhere",
            "Not proved",
            "Revisions",
            "a begin",
            "Upgrade 12 ms",
            "Downgrade 1.25 s",
            "Schema",
            "Rows",
            "b go on",
            "Upgrade 12 ms",
            "Downgrade 1.25 s",
            "Schema",
            "Rows",
            "The rules",
            "left-behind",
            "rows-lost",
            "clashes-with-itself");
    assertThat(text(page))
        .contains(
            "add drop_it()",
            "waived until 2026-12-31",
            "Allowed because nobody used it",
            "odd no value fits",
            "CREATE TABLE t (id int)",
            "+ made column t.c text not null",
            "7 rows stood in the tables",
            "t 7 +2",
            "A rollback loses what customers entered.");
  }

  @Test
  void drawsTheLocksOfARevisionAndSaysThemInWords() {
    Revision revision = revision("b", "add a note");
    MigrationReport report =
        new MigrationReport(
            List.of(walked("a", "begin"), walked("b", "add a note")),
            new Judgement(List.of(), List.of()),
            Map.of(),
            SeenLocks.report(revision));
    String page = ReportPage.of(report, List.of(revision));

    assertThat(all(page, "<h3>Locks (.*?)</h3>"))
        .containsExactly("Locks 400 ms with the most rows");
    assertThat(all(page, "<i class=\"(felt )?[a-z]+\" style=\".*?\"></i>")).hasSize(4);
    assertThat(page)
        .contains(
            "<i class=\"writes\" style=\"left:50.0%;width:50.0%\"></i>",
            "<i class=\"felt writes\" style=\"left:55.0%;width:45.0%\"></i>",
            "<b style=\"left:0.5%\">1</b>",
            "<b style=\"left:50.0%\">2</b>");
    assertThat(text(page))
        .contains(
            "customers Writes to customers wait for 200 ms, from statement 2 on; the table is written anew.",
            "Felt: reads of orders were blocked for 390 ms by ALTER TABLE orders ADD COLUMN note TEXT.",
            "Statement 2 reads customers from the beginning, 100 000 rows: CREATE INDEX ix ON customers (name).",
            "lock-queue advice ALTER TABLE orders ADD COLUMN note TEXT of b (add a note) waits for orders");
  }

  @Test
  void foldsAwayWhatIsWell() {
    String page =
        page(new Judgement(List.of(LEFT), List.of()), Map.of(), walked("a", ""), walked("b", ""));

    assertThat(all(page, "<details( open)?>\\s<summary>\\s<span class=\"name\">")).hasSize(2);
    assertThat(page).contains("revision ok", "revision failing").containsOnlyOnce("<details open>");
  }

  @Test
  void isShortWhenNothingIsWrong() {
    String page = page(new Judgement(List.of(), List.of()), Map.of(), walked("a", "begin"));

    assertThat(all(page, "<(h1|h2)>(.*?)</\\1>")).containsExactly("Nothing is wrong", "Revisions");
  }

  @Test
  void leadsOnlyToWhatIsThere() {
    String page =
        page(
            new Judgement(List.of(LEFT), List.of(new Judgement.Waived(LOSS, WAIVER))),
            Map.of(),
            walked("a", "begin", "not shown"),
            walked("b", "go on", "a"));
    List<String> places = matches(page, "id=\"([^\"]*)\"");

    assertThat(matches(page, "href=\"#([^\"]*)\"")).isNotEmpty().isSubsetOf(places);
    assertThat(places).doesNotHaveDuplicates();
  }

  @Test
  void showsWhatIsHostileAsText() {
    MigrationFinding hostile =
        new MigrationFinding(Rule.LEFT_BEHIND, "a" + HOSTILE, HOSTILE, HOSTILE + "`" + HOSTILE);
    Waiver waiver =
        new Waiver("a" + HOSTILE, 1, Rule.LEFT_BEHIND, HOSTILE, LocalDate.of(2026, 12, 31));
    String page =
        page(
            new Judgement(List.of(hostile), List.of(new Judgement.Waived(hostile, waiver))),
            Map.of(HOSTILE, HOSTILE),
            hostile(),
            walked("b", "go on", "a" + HOSTILE));

    assertThat(page).doesNotContain("<img", "</script", "onerror=");
    assertThat(matches(page, "<(?!!)/?([a-z0-9]+)"))
        .doesNotContain("script", "img", "link", "iframe", "object", "base");
    assertThat(matches(page, "[\\s\"](on[a-z]+)=")).isEmpty();
    assertThat(page).contains("&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;{{title}}");
  }

  @Test
  void saysWhatBecameOfAStepThatWasNotCarriedOut() {
    StepResult failed =
        new StepResult(
            false, 0, false, false, "boom", "a.py, line 3\nboom", List.of("SELECT 1"), List.of(1));
    WalkedRevision walked =
        new WalkedRevision(
            revision("a", ""),
            step(1),
            failed,
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            Map.of());

    assertThat(text(page(new Judgement(List.of(), List.of()), Map.of(), walked)))
        .contains("Downgrade failed", "a.py, line 3 boom", "committed by itself SELECT 1")
        .contains("There was no table before it.", "The schema is the same as before.");
  }

  private static String page(
      Judgement judgement, Map<String, String> unfilled, WalkedRevision... walked) {
    MigrationReport report =
        new MigrationReport(List.of(walked), judgement, unfilled, LockReport.NONE);
    return ReportPage.of(
        report, report.revisions().stream().map(WalkedRevision::revision).toList());
  }

  private static WalkedRevision walked(String id, String title, String... parents) {
    return new WalkedRevision(
        revision(id, title, parents),
        step(12),
        step(1250),
        List.of(new SchemaObject("column", "t", "c", "text not null")),
        List.of(),
        List.of(),
        Map.of("t", 7L),
        Map.of("t", 2L));
  }

  private static WalkedRevision hostile() {
    StepResult step =
        new StepResult(false, 1, false, false, HOSTILE, HOSTILE, List.of(HOSTILE), List.of());
    List<SchemaObject> objects = List.of(new SchemaObject(HOSTILE, HOSTILE, HOSTILE, HOSTILE));
    return new WalkedRevision(
        revision("a" + HOSTILE, HOSTILE, "p" + HOSTILE),
        step,
        step,
        objects,
        objects,
        objects,
        Map.of(HOSTILE, 1L),
        Map.of(HOSTILE, 1L));
  }

  private static Revision revision(String id, String title, String... parents) {
    return new Revision(id, List.of(parents), 1, title, "versions/" + id + ".py", List.of());
  }

  private static StepResult step(double millis) {
    return new StepResult(
        true, millis, false, false, "", "", List.of("CREATE TABLE t (id int)"), List.of());
  }

  private static List<String> all(String page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map(MatchResult::group)
        .map(ReportPageTest::text)
        .toList();
  }

  private static List<String> matches(String page, String pattern) {
    return Pattern.compile(pattern).matcher(page).results().map(found -> found.group(1)).toList();
  }

  /** What is read, without marks and needless space. */
  private static String text(String page) {
    return page.replaceFirst("(?s)<style>.*</style>", "")
        .replaceAll("</?(code|b|span)\\b[^>]*>", "")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
