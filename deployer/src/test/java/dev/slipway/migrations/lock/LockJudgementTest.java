package dev.slipway.migrations.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LockJudgementTest {

  private static final Revision REVISION =
      new Revision("b", List.of(), 1, "add a note", "versions/b.py", List.of());
  private static final String ADD = "ALTER TABLE orders ADD COLUMN note TEXT";

  @Test
  void findsWhatACanaryFeltForTooLongWhateverTheTablesSize() {
    assertThat(judgement(felt(Blocked.READS, 1001), Optional.empty()).findings())
        .containsExactly(
            new MigrationFinding(
                Rule.READS_BLOCKED,
                "b",
                "table orders",
                "While b (add a note) was applied, reads of orders were blocked for 1 s by `"
                    + ADD
                    + "`: felt by a canary, and 1 s is allowed. Whatever takes long goes before the lock, or into an autocommit_block() of the next revision, and the commit right after the lock was taken. (eugene E4)"));
    assertThat(judgement(felt(Blocked.WRITES, 1001), Optional.empty()).findings())
        .extracting(MigrationFinding::rule)
        .containsExactly(Rule.WRITES_BLOCKED);
    assertThat(judgement(felt(Blocked.ROWS, 1001), Optional.empty()).findings())
        .extracting(MigrationFinding::rule)
        .containsExactly(Rule.ROWS_LOCKED);
  }

  @Test
  void tellsOfReadersWhereWritersFeltItFirst() {
    assertThat(
            judgement(
                    Optional.empty(),
                    new Felt("orders", Blocked.WRITES, 1, ADD, 5, 1900),
                    felt(Blocked.READS, 1800))
                .findings())
        .extracting(MigrationFinding::rule)
        .containsExactly(Rule.READS_BLOCKED);
  }

  @Test
  void findsNothingInWhatWasFeltForLess() {
    assertThat(judgement(felt(Blocked.READS, 999), Optional.empty()))
        .isEqualTo(new LockJudgement(List.of(), List.of()));
  }

  @Test
  void advisesWhereNobodySaysHowLongToWaitAndFindsWhereNobodyElseCan() {
    assertThat(judgement(felt(Blocked.READS, 1), queue(false)).findings()).isEmpty();
    assertThat(judgement(felt(Blocked.READS, 1), queue(false)).advice())
        .extracting(MigrationFinding::rule)
        .containsExactly(Rule.LOCK_QUEUE);
    assertThat(judgement(felt(Blocked.READS, 1), queue(true)).advice()).isEmpty();
    assertThat(judgement(felt(Blocked.READS, 1), queue(true)).findings())
        .extracting(MigrationFinding::message)
        .first()
        .asString()
        .contains("`" + ADD + "` of b (add a note) waits for orders for ever", "waited 303 ms");
  }

  @Test
  void tellsWhichLaterRevisionKeepsALockAndHowToLetItGo() {
    List<Block> blocks =
        List.of(block(10, Optional.empty()), block(60_000, Optional.of("c (validate)")));
    LockJudgement judgement =
        LockJudgement.of(
            List.of(new RevisionLocks(REVISION, Timeline.NOTHING, true, blocks, Optional.empty())),
            List.of(),
            new LockLimits(Map.of("orders", 1_000_000_000L), Duration.ofSeconds(1)));

    assertThat(judgement.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo(Rule.READS_BLOCKED);
              assertThat(finding.revision()).isEqualTo("b");
              assertThat(finding.message())
                  .contains(
                      "While b (add a note) is applied, reads and writes of orders wait about 60 s",
                      "the lock that its statement 1 takes is kept while `ALTER TABLE orders ADD COLUMN note TEXT` of revision c (validate) works, since env.py runs all revisions in one transaction",
                      "`transaction_per_migration=True` in context.configure() of env.py",
                      "or ship them in two releases");
            });
  }

  private static Block block(double millis, Optional<String> during) {
    List<Sample> samples = List.of(new Sample(Map.of("orders", 1000L), millis, 0, Map.of()));
    return new Block("orders", Blocked.READS, 1, 1, ADD, during, false, samples, Cost.of(samples));
  }

  private static Optional<LockQueue> queue(boolean switchedOff) {
    return Optional.of(new LockQueue("orders", 1, ADD, switchedOff, OptionalDouble.of(303)));
  }

  private static Felt felt(Blocked blocked, double millis) {
    return new Felt("orders", blocked, 1, ADD, 10, 10 + millis);
  }

  private static LockJudgement judgement(Felt felt, Optional<LockQueue> queue) {
    return judgement(queue, felt);
  }

  private static LockJudgement judgement(Optional<LockQueue> queue, Felt... felt) {
    Timeline timeline = new Timeline(2000, List.of(), List.of(), List.of(felt), List.of());
    return LockJudgement.of(
        List.of(new RevisionLocks(REVISION, timeline, true, List.of(), queue)),
        List.of(),
        new LockLimits(Map.of(), Duration.ofSeconds(1)));
  }

  @Test
  void onlyAdvisesOnATableWhoseSizeNobodyTells() {
    LockJudgement judgement = judgement(growing(2), Map.of());

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.advice()).extracting(MigrationFinding::rule).contains(Rule.READS_BLOCKED);
    assertThat(judgement(growing(2), Map.of("orders", 10L)))
        .isEqualTo(new LockJudgement(List.of(), List.of()));
  }

  @Test
  void advisesOnALargeTableWhereRowsStoodInTheWay() {
    LockJudgement judgement = judgement(growing(0), false, Map.of("orders", 5_000_000L));

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.advice())
        .singleElement()
        .satisfies(
            advice -> {
              assertThat(advice.rule()).isEqualTo(Rule.READS_BLOCKED);
              assertThat(advice.message())
                  .contains(
                      "reads and writes of orders wait for a time that could not be measured",
                      "If it goes through all 5 000 000 rows:");
            });
    assertThat(judgement(growing(0), false, Map.of()))
        .isEqualTo(new LockJudgement(List.of(), List.of()));
  }

  @Test
  void findsThatLargeTablesAreNotLookedAt() {
    List<Revision> unreached =
        List.of(REVISION, new Revision("c", List.of("b"), 1, "", "versions/c.py", List.of()));
    Duration second = Duration.ofSeconds(1);

    assertThat(
            LockJudgement.of(List.of(), unreached, new LockLimits(Map.of("orders", 1000L), second))
                .findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo(Rule.NOT_CHECKED);
              assertThat(finding.revision()).isEqualTo("b");
              assertThat(finding.message()).contains("is not checked of b, c: ");
            });
    assertThat(LockJudgement.of(List.of(), unreached, new LockLimits(Map.of(), second)).findings())
        .isEmpty();
  }

  @Test
  void saysNothingOfALockThatIsShortWhateverTheSize() {
    assertThat(judgement(growing(0.0001), Map.of()))
        .isEqualTo(new LockJudgement(List.of(), List.of()));
  }

  /** A lock that is held so many milliseconds longer for each thousand rows. */
  private static Block growing(double millis) {
    List<Sample> samples =
        List.of(
            new Sample(Map.of("orders", 0L), 0, 0, Map.of()),
            new Sample(Map.of("orders", 1000L), millis, 0, Map.of("orders", 1000L)));
    return new Block(
        "orders", Blocked.READS, 1, 1, ADD, Optional.empty(), false, samples, Cost.of(samples));
  }

  private static LockJudgement judgement(Block block, Map<String, Long> sizes) {
    return judgement(block, true, sizes);
  }

  private static LockJudgement judgement(Block block, boolean filled, Map<String, Long> sizes) {
    return LockJudgement.of(
        List.of(
            new RevisionLocks(
                REVISION, Timeline.NOTHING, filled, List.of(block), Optional.empty())),
        List.of(),
        new LockLimits(sizes, Duration.ofSeconds(1)));
  }
}
