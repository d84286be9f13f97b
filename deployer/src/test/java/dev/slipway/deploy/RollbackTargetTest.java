package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollbackTargetTest {

  private final History history =
      new History(
          List.of(
              served("4f2a91c07b3d0000"),
              served("4f2a77770000aaaa"),
              served("beef00000000ffff"),
              served("4f2a91c07b3d0000")));

  private static LedgerEntry served(String commit) {
    return new LedgerEntry(
        Instant.EPOCH,
        LedgerEntry.Action.DEPLOY,
        LedgerEntry.Outcome.SERVING,
        new ReleaseManifest(
            commit,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Map.of(),
            Instant.EPOCH,
            List.of()),
        Optional.of(commit),
        Optional.empty(),
        Optional.empty(),
        "ann@laptop",
        1,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | --to has fewer than 4 characters: \"\". | 4f2a91c07b3d, 4f2a77770000, beef00000000",
        "bee | --to has fewer than 4 characters: \"bee\". | 4f2a91c07b3d, 4f2a77770000, beef00000000",
        "4f2a | --to 4f2a is the beginning of more than one release. | 4f2a91c07b3d, 4f2a77770000",
        "abcd | No release abcd ever served on this server. | 4f2a91c07b3d, 4f2a77770000, beef00000000"
      })
  void refusesWhatNamesNotExactlyOneReleaseAndSaysWhichThereAre(
      String wanted, String what, String possible) {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> RollbackTarget.of(history, Optional.of(wanted), Remains.NONE));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what()).isEqualTo(what);
    assertThat(refused.advice()).isEqualTo("These served: " + possible + ".");
  }

  @Test
  void takesTheBeginningOfACommitThatServedMoreThanOnce() {
    assertThat(RollbackTarget.of(history, Optional.of("4f2a9"), Remains.NONE).commit())
        .isEqualTo("4f2a91c07b3d0000");
  }

  private static LedgerEntry servedWith(String commit, String image) {
    LedgerEntry entry = served(commit);
    return new LedgerEntry(
        entry.at(),
        entry.action(),
        entry.outcome(),
        new ReleaseManifest(
            commit,
            Optional.empty(),
            Map.of("backend", new ReleasedImage("backend", commit, Optional.empty(), image)),
            Optional.empty(),
            Map.of(),
            Instant.EPOCH),
        entry.serving(),
        entry.schemaBefore(),
        entry.schemaAfter(),
        entry.by(),
        entry.seconds(),
        entry.reason(),
        entry.backup(),
        entry.footprints());
  }

  private final History two =
      new History(List.of(servedWith("aaaa", "image1"), servedWith("bbbb", "image2")));

  private String target(Remains remains) {
    return RollbackTarget.of(two, Optional.empty(), remains).commit();
  }

  @Test
  void goesNoFurtherThanToTheLastThatServedWhereAnotherMayServe() {
    assertThat(target(Remains.NONE)).isEqualTo("aaaa");
    assertThat(target(new Remains(true, Set.of()))).isEqualTo("bbbb");
    assertThat(target(new Remains(false, Set.of("image3")))).isEqualTo("bbbb");
  }

  @Test
  void refusesToGuessWhereTheImagesOfTheReleaseBeforeHaveComeBackWithoutAnEntry() {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> target(new Remains(true, Set.of("image1"))));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "A run that never told how it ended has left images of aaaa, though bbbb was the last to serve.");
    assertThat(refused.advice())
        .isEqualTo(
            "Say where to go: `slipway rollback --to bbbb` or `slipway rollback --to aaaa`.");
  }
}
