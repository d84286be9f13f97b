package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the previous release's tests say of a new column that does it no harm, of one that is
 * waived, and where they can say nothing.
 */
@Tag("nightly")
class PreviousReleaseTestsIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Path OUTPUT = ROOT.resolve("target/slipway/selftest/previous-release");
  private static final String SUITE = "MigrationsIT";
  private static final String ANSWERS = "thePreviousReleaseWorksOnTheNewSchema";
  private static final String TESTS = "thePreviousReleasesTestsPassOnTheNewSchema";
  private static final Edit WAIVER =
      new Edit(
          "backend/migrations/versions/0012_note_where_orders_come_from.py",
          "def upgrade() -> None:\n",
          """
          # slipway: allow previous-release-fails because=the shop is closed meanwhile until=2999-12-31
          def upgrade() -> None:
          """);
  private static final List<Edit> MADE_FROM_THE_MODELS =
      List.of(
          new Edit(
              "backend/tests/conftest.py",
              "    command.upgrade(alembic_config, \"head\")\n",
              """
                  engine = create_engine(os.environ["DATABASE_URL"])
                  Base.metadata.create_all(engine)
                  engine.dispose()
              """),
          new Edit(
              "backend/tests/conftest.py",
              "from app.main import create_app\n",
              "from app.main import create_app\nfrom app.models import Base\n"));

  private final Fault fault =
      FaultFile.read(
          BrokenPlatform.faults(ROOT).resolve("column-demanded-of-the-previous-release"));

  @Test
  void passWhereTheDatabaseGivesTheNewColumnItsValue() {
    Path platform = OUTPUT.resolve("sound/platform");
    BrokenPlatform.create(ROOT, Optional.of(fault.with(fault.sound())), platform);

    SuiteRun run = run(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).containsExactlyInAnyOrder(ANSWERS, TESTS);
  }

  @Test
  void mayFailWhereTheRevisionSaysWhy() {
    Path platform = OUTPUT.resolve("waived/platform");
    BrokenPlatform.create(ROOT, Optional.of(fault.with(List.of(WAIVER))), platform);

    assertThat(run(platform).failures()).isEmpty();
  }

  @Test
  void proveNothingWhereTheyMakeTheirSchemaWithoutAlembic() {
    Path platform = OUTPUT.resolve("without-alembic/platform");
    BrokenPlatform.create(ROOT, MADE_FROM_THE_MODELS, Optional.of(fault), platform);

    SuiteRun run = run(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).containsExactly(ANSWERS);
    assertThat(run.skipped())
        .hasEntrySatisfying(
            TESTS,
            reason ->
                assertThat(reason)
                    .contains("not proved", "never came to the schema of 0012", "create_all"));
  }

  @Test
  void proveNothingWhereItDoesNotBuild() {
    Path platform = OUTPUT.resolve("not-built/platform");
    Edit broken = new Edit("backend/Dockerfile", "COPY app app\n", "COPY nowhere app\n");
    BrokenPlatform.create(
        ROOT, List.of(broken), Optional.of(fault.with(List.of(broken.undone()))), platform);

    SuiteRun run = run(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.skipped())
        .containsOnlyKeys(ANSWERS, TESTS)
        .allSatisfy((test, reason) -> assertThat(reason).contains("not proved", "cannot be built"));
  }

  @Test
  void itsAnswersProveNothingWhereTodaysCommandDoesNotStartIt() {
    Edit command =
        new Edit(
            "docker-compose.prod.yml",
            "\n  backend:\n    <<: *service\n",
            """

              backend:
                <<: *service
                command: sh -c "ls migrations/versions/0012* && exec uvicorn --factory app.main:create_app --host 0.0.0.0 --port 8000"
            """);
    Path platform = OUTPUT.resolve("other-command/platform");
    BrokenPlatform.create(ROOT, Optional.of(fault.with(List.of(command))), platform);

    SuiteRun run =
        SuiteRun.of(
            List.of(SuiteRun.one(SUITE, ANSWERS)),
            ROOT,
            platform,
            platform.resolveSibling("output"));

    assertThat(run.failures()).isEmpty();
    assertThat(run.skipped())
        .hasEntrySatisfying(
            ANSWERS,
            reason ->
                assertThat(reason).contains("not proved", "gives no answer on its own schema"));
  }

  private static SuiteRun run(Path platform) {
    return SuiteRun.of(
        List.of(SuiteRun.one(SUITE, ANSWERS), SuiteRun.one(SUITE, TESTS)),
        ROOT,
        platform,
        platform.resolveSibling("output"));
  }
}
