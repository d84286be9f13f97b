package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.release.ReleaseManifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WayBackTest {

  private final List<String> lines = new ArrayList<>();
  private final DeployLog log = new DeployLog(lines::add, new Redaction(List.of()));
  private final ReleaseManifest first = release("aaaa", List.of());
  private final ReleaseManifest second =
      release("bbbb", List.of("GET /api/products answers 500 after revision 12."));
  private final History history =
      new History(List.of(entry(first, "11", "11"), entry(second, "11", "12")));

  private static ReleaseManifest release(String commit, List<String> previousFails) {
    return new ReleaseManifest(
        commit,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Instant.EPOCH,
        previousFails);
  }

  private static LedgerEntry entry(ReleaseManifest release, String from, String to) {
    return new LedgerEntry(
        Instant.EPOCH,
        LedgerEntry.Action.DEPLOY,
        LedgerEntry.Outcome.SERVING,
        release,
        Optional.of(release.commit()),
        Optional.of(from),
        Optional.of(to),
        "ann@laptop",
        1,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  @Test
  void refusesCodeThatIsKnownToFailOnTheSchema() {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> WayBack.require(history, Optional.of("rev9"), first, Optional.of("  "), log));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "The code of aaaa is known to fail on the schema of now: GET /api/products answers 500"
                + " after revision 12.");
    assertThat(refused.advice()).contains("slipway rollback --to aaaa --force 'why'");
  }

  @Test
  void goesBackKnowinglyWithAReason() {
    WayBack.require(history, Optional.of("rev9"), first, Optional.of("orders are worse"), log);

    assertThat(lines).singleElement().asString().startsWith("Going back although");
  }

  @Test
  void saysNothingWhereNothingIsKnownToFail() {
    WayBack.require(history, Optional.of("rev9"), second, Optional.empty(), log);

    assertThat(lines).isEmpty();
  }
}
