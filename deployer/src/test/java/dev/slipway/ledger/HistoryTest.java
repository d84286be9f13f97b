package dev.slipway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.release.ReleaseManifest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {

  private static LedgerEntry entry(Action action, Outcome outcome, String commit) {
    return new LedgerEntry(
        Instant.parse("2026-01-01T00:00:00Z"),
        action,
        outcome,
        new ReleaseManifest(
            commit, Optional.empty(), Map.of(), Optional.empty(), Map.of(), Instant.EPOCH),
        Optional.of(commit),
        Optional.of("rev1"),
        Optional.of("rev1"),
        "ann@laptop",
        12,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /**
   * Reads {@code A} as a deployment, {@code <A} as a rollback to A, {@code A!} as one that was
   * taken back, {@code A~} as one that swapped nothing, {@code A?} as one of which nobody knows the
   * end.
   */
  private static History history(String events) {
    return new History(
        Arrays.stream(events.split(" ", -1))
            .filter(event -> !event.isEmpty())
            .map(
                event ->
                    entry(
                        event.startsWith("<") ? Action.ROLLBACK : Action.DEPLOY,
                        outcome(event.charAt(event.length() - 1)),
                        event.replaceAll("[<!~?]", "")))
            .toList());
  }

  private static Outcome outcome(char mark) {
    return switch (mark) {
      case '!' -> Outcome.ROLLED_BACK;
      case '~' -> Outcome.FAILED;
      case '?' -> Outcome.UNKNOWN;
      default -> Outcome.SERVING;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "'', -, -",
    "A, A, -",
    "A!, -, -",
    "A B, B, A",
    "A B!, A, -",
    "A B C!, B, A",
    "A B <A, A, -",
    "A B C <B, B, A",
    "A B C <B <A, A, -",
    "A B <A C, C, A",
    "A B <A B, B, A",
    "A B C <B C, C, B",
    "A B <A!, B, A",
    "A B C <B <C, C, B",
    "A B C <A <C, C, A",
    "A B <A <B <A, A, -",
    "A?, -, -",
    "A B C?, B, B",
    "A B C? D~, B, B",
    "A B <A?, B, B",
    "A B C? D!, B, A",
    "A B C? <B, B, A",
    "A B C? C, C, B",
    "A A, A, -"
  })
  void knowsWhatServesAndWhatToGoBackTo(String events, String current, String previous) {
    History history = history(events);

    assertThat(history.current().map(ReleaseManifest::commit).orElse("-")).isEqualTo(current);
    assertThat(history.previous().map(ReleaseManifest::commit).orElse("-")).isEqualTo(previous);
  }

  @Test
  void findsAReleaseThatServedByTheBeginningOfItsCommit() {
    History history = history("aaa1 bbb2 ccc3!");

    assertThat(history.release("bbb").map(ReleaseManifest::commit)).contains("bbb2");
    assertThat(history.release("ccc")).isEmpty();
  }

  @Test
  void survivesTheLedger() {
    LedgerEntry entry = entry(Action.DEPLOY, Outcome.SERVING, "c0ffee");

    assertThat(ledger(Json.line(entry) + "\n\n" + Json.line(entry) + "\n").read().entries())
        .containsExactly(entry, entry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "null", "[]", "{}", "{\"at\":1}", "GOOD GOOD", "GOODGOOD", "HOSTILE"})
  void refusesAGarbledLineAndNamesIt(String line) {
    String good = Json.line(entry(Action.DEPLOY, Outcome.SERVING, "c0ffee"));
    Ledger ledger =
        ledger(
            good
                + "\n"
                + line.replace("GOOD", good).replace("HOSTILE", good.replace("c0ffee", "--force"))
                + "\n");

    assertThatThrownBy(ledger::read)
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("Line 2 of the ledger /opt/p/.slipway/ledger.jsonl is garbled: ");
  }

  private static Ledger ledger(String text) {
    return new Ledger(
        (command, deadline, lines) -> new CommandResult(0, text, ""), new HostCommands("/opt/p"));
  }

  private static LedgerEntry withBackup(Action action, Outcome outcome, String backup) {
    LedgerEntry plain = entry(action, outcome, "A");
    return new LedgerEntry(
        plain.at(),
        action,
        outcome,
        plain.release(),
        plain.serving(),
        plain.schemaBefore(),
        plain.schemaAfter(),
        plain.by(),
        plain.seconds(),
        plain.reason(),
        Optional.of(backup),
        Map.of());
  }

  @Test
  void needsTheSchemasOfTheReleaseThatServesAndOfTheOneBefore() {
    LedgerEntry first = moving("A", "rev0", "rev1", Outcome.SERVING);
    LedgerEntry second = moving("B", "rev1", "rev2", Outcome.SERVING);
    LedgerEntry third = moving("C", "rev2", "rev3", Outcome.SERVING);
    LedgerEntry failed = moving("D", "rev3", "rev4", Outcome.ROLLED_BACK);

    assertThat(new History(List.of(first, second, third, failed)).schemasOfTheWayBack())
        .containsExactlyInAnyOrder("rev3", "rev2");
    assertThat(new History(List.of()).schemasOfTheWayBack()).isEmpty();
    LedgerEntry back = entry(Action.ROLLBACK, Outcome.SERVING, "A");
    assertThat(new History(List.of(first, second, back)).schemasOfTheWayBack())
        .containsAll(back.schemaAfter().stream().toList());
  }

  @Test
  void knowsOnWhichSchemaAllWasLastWell() {
    LedgerEntry first = moving("A", "rev0", "rev1", Outcome.SERVING);
    LedgerEntry failed = moving("B", "rev1", "rev2", Outcome.ROLLED_BACK);
    LedgerEntry restored = entry(Action.RESTORE, Outcome.SERVING, "A");

    assertThat(new History(List.of(first, failed)).schemaWhenLastWell()).contains("rev1");
    assertThat(new History(List.of(failed, restored)).schemaWhenLastWell()).contains("rev1");
    assertThat(new History(List.of(failed)).schemaWhenLastWell()).contains("rev1");
    LedgerEntry again = moving("B", "half", "half", Outcome.FAILED);
    assertThat(new History(List.of(failed, again)).schemaWhenLastWell()).contains("rev1");
    assertThat(new History(List.of()).schemaWhenLastWell()).isEmpty();
  }

  @Test
  void takesNoRestoreForAReleaseThatCameIntoService() {
    History history =
        new History(
            List.of(
                entry(Action.DEPLOY, Outcome.SERVING, "A").withReason(Optional.of("no latest")),
                withBackup(Action.RESTORE, Outcome.SERVING, "restored")));

    assertThat(history.leftSomethingUndone()).isTrue();
  }

  @Test
  void needsTheSchemaOfTheReleaseBeforeAlsoWhereARollbackGoesNoFurtherThanToTheCurrentOne() {
    LedgerEntry first = moving("A", "rev0", "rev1", Outcome.SERVING);
    LedgerEntry second = moving("B", "rev1", "rev2", Outcome.SERVING);
    LedgerEntry third = moving("C", "rev2", "rev3", Outcome.UNKNOWN);

    assertThat(new History(List.of(first, second, third)).schemasOfTheWayBack())
        .containsExactlyInAnyOrder("rev1", "rev2");
  }

  private static LedgerEntry moving(String commit, String from, String to, Outcome outcome) {
    LedgerEntry entry = entry(Action.DEPLOY, outcome, commit);
    ReleaseManifest release =
        new ReleaseManifest(
            commit,
            Optional.empty(),
            Map.of(),
            Optional.of(to),
            Map.of(),
            Instant.EPOCH,
            List.of("before " + commit + " nothing can be ordered."));
    return new LedgerEntry(
        entry.at(),
        Action.DEPLOY,
        outcome,
        release,
        Optional.of(commit),
        Optional.of(from),
        Optional.of(to),
        entry.by(),
        entry.seconds(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  @Test
  void knowsWhatTheCodeOfAnEarlierReleaseCannotDoOnTheSchemaOfNow() {
    LedgerEntry first = entry(Action.DEPLOY, Outcome.SERVING, "A");
    LedgerEntry second = moving("B", "rev1", "rev2", Outcome.SERVING);
    LedgerEntry third = moving("C", "rev2", "rev2", Outcome.SERVING);
    LedgerEntry fourth = moving("D", "rev2", "rev3", Outcome.ROLLED_BACK);

    Optional<String> now = Optional.of("rev3");
    assertThat(new History(List.of(first, second)).failsOnTheSchema(first.release(), now))
        .containsExactly("before B nothing can be ordered.");
    assertThat(new History(List.of(first, second)).failsOnTheSchema(second.release(), now))
        .isEmpty();
    assertThat(
            new History(List.of(first, second, third, fourth))
                .failsOnTheSchema(third.release(), now))
        .as("a failed release whose migration stays")
        .containsExactly("before D nothing can be ordered.");
    assertThat(
            new History(List.of(second, third))
                .failsOnTheSchema(second.release(), Optional.of("rev2")))
        .as("a schema that is the release's own, such as one that was restored")
        .isEmpty();
  }

  @Test
  void knowsItWhenTheReleaseCameIntoServiceOnlyInALaterRun() {
    LedgerEntry first = entry(Action.DEPLOY, Outcome.SERVING, "A");
    LedgerEntry second = moving("B", "rev2", "rev2", Outcome.SERVING);

    assertThat(
            new History(List.of(first, second))
                .failsOnTheSchema(first.release(), Optional.of("rev2")))
        .containsExactly("before B nothing can be ordered.");
  }

  @Test
  void knowsItWhenTheReleaseCameBackByForceBefore() {
    LedgerEntry first = entry(Action.DEPLOY, Outcome.SERVING, "A");
    LedgerEntry second = moving("B", "rev1", "rev2", Outcome.SERVING);
    LedgerEntry back = entry(Action.ROLLBACK, Outcome.SERVING, "A");
    LedgerEntry third = moving("C", "rev2", "rev2", Outcome.SERVING);

    assertThat(
            new History(List.of(first, second, back, third))
                .failsOnTheSchema(first.release(), Optional.of("rev2")))
        .containsExactly("before C nothing can be ordered.", "before B nothing can be ordered.");
  }

  @ParameterizedTest
  @CsvSource({
    "'', A, 5, ''",
    "A, B, 5, A",
    "A B C, D, 2, C B",
    "A B C D!, D, 1, C",
    "A B A B C, D, 2, C B",
    "A B C, C, 1, B",
    "A B C, B, 1, C A",
    "A B C D, C, 1, D B",
    "A B C D <C, B, 1, C A",
    "A B C <B, C, 1, B",
  })
  void keepsWhatServedBeforeAndWhereARollbackGoes(
      String events, String wanted, int before, String kept) {
    assertThat(history(events).kept(wanted, before).stream().map(ReleaseManifest::commit))
        .containsExactly(kept.isEmpty() ? new String[0] : kept.split(" ", -1));
  }

  @Test
  void leavesOutHalfAnEventAtTheEndAndNoWholeOne() {
    LedgerEntry entry = entry(Action.DEPLOY, Outcome.SERVING, "c0ffee");
    String line = Json.line(entry);

    assertThat(ledger(line + "\n" + line.substring(0, 40)).read().entries()).containsExactly(entry);
    assertThat(ledger(line.substring(0, 40)).read().entries()).isEmpty();
    assertThat(ledger(line + "\n" + line).read().entries()).containsExactly(entry, entry);
  }

  @Test
  void isNotReadWhereThatFails() {
    Ledger ledger =
        new Ledger(
            (command, deadline, lines) -> new CommandResult(1, "", "Permission denied"),
            new HostCommands("/opt/p"));

    assertThatThrownBy(ledger::read)
        .hasMessage("The ledger /opt/p/.slipway/ledger.jsonl cannot be read: Permission denied.");
  }
}
