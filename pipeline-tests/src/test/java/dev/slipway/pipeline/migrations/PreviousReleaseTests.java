package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.pipeline.BackendRig;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.unit.BackendTests;
import dev.slipway.pipeline.unit.TestOutcomes;
import dev.slipway.platform.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;

/**
 * The previous release's own tests where alembic makes the new schema instead of theirs; what fails
 * there is judged by the same run on their own.
 */
final class PreviousReleaseTests {

  private static final int SHOWN = 10;
  private static final int WORDS = 15;

  /** A comparison needs all tests, in the same order each time. */
  private static final List<String> ALL_IN_ORDER =
      List.of("--continue-on-collection-errors", "--maxfail=0", "-p", "no:randomly", "--tb=line");

  private final PlatformUnderTest platform;
  private final PreviousRelease previous;
  private final List<Revision> revisions;
  private final String head;
  private final List<String> leftOut;

  /**
   * Those of a previous release.
   *
   * @param revisions all that there are now
   * @param head the last of them
   */
  PreviousReleaseTests(
      PlatformUnderTest platform, PreviousRelease previous, List<Revision> revisions, String head) {
    this.platform = platform;
    this.previous = previous;
    this.revisions = List.copyOf(revisions);
    this.head = head;
    this.leftOut = BackendSources.testsOfMigrations(previous.backend());
  }

  /**
   * What they show.
   *
   * @param findings what passes on the old schema and not on the new one
   * @param summary how many passed on the new one, and which files were left out
   * @param notProved why nothing, or not all, is known; empty: they ran on the new schema
   */
  record Proof(List<MigrationFinding> findings, String summary, Optional<String> notProved) {

    /** Copies. */
    Proof {
      findings = List.copyOf(findings);
    }

    private static Proof none(String why) {
      return new Proof(List.of(), "", Optional.of(why));
    }
  }

  /** Runs them on the new schema and, when some fail there, on the old one. */
  Proof proof() {
    return BackendTests.of(platform, "pytest", previous.image(), previous.backend())
        .map(this::proof)
        .orElseGet(
            () ->
                Proof.none(
                    "the previous release does not say what its tests need, in requirements*.txt, poetry.lock or uv.lock"));
  }

  private Proof proof(BackendTests tests) {
    Run now = run(tests, BackendSources.withRevisionsOfToday(platform, previous, revisions));
    if (BackendTests.foundNone(now.result())) {
      return Proof.none("the previous release has no tests but those of its migrations");
    }
    if (now.databases().migrated().isEmpty()) {
      return Proof.none(
          "the previous release's tests never came to the schema of "
              + head
              + ". They make theirs without `alembic upgrade head`, such as with `create_all`, or that fails with the new"
              + " revisions in place of their own. Their last words:\n"
              + now.lastWords());
    }
    if (now.result().succeeded()) {
      return new Proof(List.of(), summary(now, Set.of()), gap(now));
    }
    Map<String, String> lost = now.outcomes().lostSince(run(tests, previous.sources()).outcomes());
    lost.keySet().removeIf(test -> test.contains("alembic"));
    return new Proof(
        lost.isEmpty() ? List.of() : List.of(finding(lost, now)),
        summary(now, lost.keySet()),
        gap(now));
  }

  private String summary(Run now, Set<String> lost) {
    long failed =
        now.outcomes().failed().keySet().stream().filter(test -> !lost.contains(test)).count();
    return now.outcomes().passed().size()
        + " passed"
        + (failed == 0 ? "" : ", " + failed + " fail as they do on its own")
        + (leftOut.isEmpty()
            ? ""
            : "; left out, since they speak of alembic: " + String.join(", ", leftOut));
  }

  private Optional<String> gap(Run now) {
    if (now.outcomes().passed().isEmpty()) {
      return Optional.of(
          "none of the previous release's tests passes on the new schema:\n" + now.lastWords());
    }
    int others = now.databases().others().size();
    return others == 0
        ? Optional.empty()
        : Optional.of(
            "the previous release's tests also make tables in "
                + others
                + (others == 1 ? " database" : " databases")
                + " that alembic does not bring to "
                + head
                + "; what they do there says nothing about it");
  }

  private MigrationFinding finding(Map<String, String> lost, Run now) {
    String first = lost.keySet().iterator().next();
    String shown =
        lost.entrySet().stream()
            .limit(SHOWN)
            .map(test -> "  " + test.getKey() + ": " + test.getValue())
            .collect(Collectors.joining("\n"));
    return previous.finding(
        first,
        "passes "
            + (lost.size() == 1 ? "one of its tests" : lost.size() + " of its tests")
            + " on its own schema and fails "
            + (lost.size() == 1 ? "it" : "them"),
        "By its own pytest:\n"
            + shown
            + (lost.size() > SHOWN ? "\n  and " + (lost.size() - SHOWN) + " more" : "")
            + (now.outcomes().failed().isEmpty() ? "\n" + now.lastWords() : ""));
  }

  /**
   * A run of pytest.
   *
   * @param result how it ended
   * @param outcomes what came of each test that does not judge the migrations themselves
   * @param databases what the tests made of the schema
   */
  private record Run(CommandResult result, TestOutcomes outcomes, TestDatabases databases) {

    private String lastWords() {
      return new CommandResult(0, result.standardOutput(), "").tail(WORDS);
    }
  }

  /** PostgreSQL and Redis are new each time, so that no run can see what another one left. */
  private Run run(BackendTests tests, Path sources) {
    List<String> options = new ArrayList<>(ALL_IN_ORDER);
    options.addAll(TestOutcomes.REPORTED);
    leftOut.forEach(
        file -> options.add("--ignore=" + BackendTests.in(previous.folder()) + "/" + file));
    try (BackendRig rig = platform.recordingRig()) {
      CommandResult result = tests.run(sources, previous.folder(), rig, options);
      String log = rig.service(Role.POSTGRES).map(GenericContainer::getLogs).orElse("");
      return new Run(result, TestOutcomes.of(result), TestDatabases.of(log, head));
    }
  }
}
