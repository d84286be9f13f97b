package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.migrations.MigrationCheck;
import dev.slipway.migrations.NewRevisions;
import dev.slipway.migrations.Part;
import dev.slipway.migrations.Scope;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.migrations.lock.LockJudgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.walk.RevisionWalk;
import dev.slipway.migrations.walk.WalkOptions;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Migrations;
import dev.slipway.platform.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * Every fault that names rules breaks these and no others when all is asked of its migrations; and
 * what is written right in its place breaks none.
 */
@Tag("nightly")
class MigrationFaultsIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Path OUTPUT = ROOT.resolve("target/slipway/selftest/rules");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Set<String> LOCKS =
      LockJudgement.RULES.stream().map(Rule::id).collect(Collectors.toSet());

  private static final long PERIOD_MICROS = 100_000;

  private static PlatformUnderTest sample;
  private static PreloadedPython python;
  private static int programs;

  @BeforeAll
  static void start() {
    Map<String, String> settings =
        Map.of(
            "slipway.root", ROOT.toString(),
            "slipway.output", OUTPUT.resolve("output").toString(),
            "platform.dir", BrokenPlatform.sample(ROOT).toString());
    Folders.delete(OUTPUT);
    sample = PlatformUnderTest.open(name -> Optional.ofNullable(settings.get(name)));
    python = PreloadedPython.start(sample);
    programs = MigrationFaultBed.programs(sample);
  }

  @AfterAll
  static void stop() {
    if (python != null) {
      python.close();
    }
    sample.close();
  }

  static Stream<Fault> faults() {
    Set<String> only = Set.of(System.getProperty("slipway.faults", "").split(",", -1));
    return FaultFile.readAll(BrokenPlatform.faults(ROOT)).stream()
        .filter(fault -> fault.rules().isPresent())
        .filter(fault -> only.contains("") || only.contains(fault.name()));
  }

  static Stream<Fault> faultsWithASoundCounterpart() {
    return faults().filter(fault -> !fault.sound().isEmpty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void breaksItsRulesAndNoOther(Fault fault) {
    Path folder = OUTPUT.resolve(fault.name()).resolve("broken");
    BrokenPlatform.create(ROOT, Optional.of(fault), folder);

    Checked checked = check(folder, fault.name(), judged(fault));

    LOG.info("{}: {}\n{}", fault, checked.rules(), checked.said().indent(4).stripTrailing());
    assertThat(checked.rules())
        .withFailMessage(() -> fault + " breaks " + checked.rules() + ": " + checked.said())
        .isEqualTo(fault.rules().orElseThrow());
    assertThat(checked.said()).contains(fault.message());
    assertNothingRuns();
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("faultsWithASoundCounterpart")
  void breaksNothingWhenWrittenRight(Fault fault) {
    Path folder = OUTPUT.resolve(fault.name()).resolve("sound");
    BrokenPlatform.createSound(ROOT, fault, folder);

    assertThat(check(folder, fault.name() + "-sound", judged(fault)).said()).isEmpty();
  }

  @Test
  void goesOnWithTheSameAlembicBehindAFault() {
    Fault fault =
        FaultFile.readAll(BrokenPlatform.faults(ROOT)).stream()
            .filter(known -> known.name().equals("upgrade-asks-for-its-own-rows"))
            .findFirst()
            .orElseThrow();
    Path folder = OUTPUT.resolve("same-alembic");
    BrokenPlatform.create(ROOT, Optional.of(fault), folder);
    CountingBed bed =
        new CountingBed(new MigrationFaultBed(sample, folder.resolve("backend"), "same-alembic"));

    try (Beginnings beginnings =
        Beginnings.of(new Alembic(bed, List.of("alembic")), History::revisions)) {
      assertThat(
              RevisionWalk.report(beginnings, WalkOptions.FULL, beginnings.revisions(), LOG::info)
                  .findings())
          .extracting(finding -> finding.rule().id())
          .containsExactly("left-behind", "not-repeatable");
    }

    assertThat(bed.conversations())
        .as("one for the walk, one for that by complete looks")
        .hasValue(2);
  }

  @Test
  void saysWhereStatementsGoPastSqlAlchemy() throws IOException {
    Fault fault =
        FaultFile.readAll(BrokenPlatform.faults(ROOT)).stream()
            .filter(known -> known.name().equals("index-blocks-writes"))
            .findFirst()
            .orElseThrow();
    Path folder = OUTPUT.resolve("past-sqlalchemy");
    BrokenPlatform.create(ROOT, Optional.of(fault), folder);
    Path revision = folder.resolve("backend/migrations/versions/0012_index_orders_by_date.py");
    Files.writeString(
        revision,
        Files.readString(revision)
            .replaceFirst(
                "op\\.create_index.*",
                "op.execute('SELECT 1'); op.get_bind().connection.cursor().execute('CREATE INDEX ix_orders_placed_at ON orders (placed_at)')"));
    TestBed bed = new MigrationFaultBed(sample, folder.resolve("backend"), "past-sqlalchemy");

    try (MigrationCheck check =
        MigrationCheck.of(bed, patient(Migrations.DEFAULT), Scope.revision("0012"), LOG::info)) {
      check.findings(Part.WALK);

      assertThat(check.report(LocalDate.now(ZoneOffset.UTC)).unfilled())
          .containsKey("0012 (index orders by date), which sends statements past SQLAlchemy");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default-not-restored",
        "downgrade-raises",
        "enum-left-behind",
        "function-left-behind",
        "index-in-transaction"
      })
  void findsWhileAlembicGoesAheadWhatCompleteLooksFind(String name) {
    Fault fault =
        FaultFile.readAll(BrokenPlatform.faults(ROOT)).stream()
            .filter(known -> known.name().equals(name))
            .findFirst()
            .orElseThrow();
    Path folder = OUTPUT.resolve(name).resolve("ahead");
    BrokenPlatform.create(ROOT, Optional.of(fault), folder);
    TestBed bed = new MigrationFaultBed(sample, folder.resolve("backend"), name + "-ahead");

    List<MigrationFinding> ahead = walked(bed, WalkOptions.SCHEMA);

    assertThat(ahead).isNotEmpty().isEqualTo(walked(bed, new WalkOptions(false, false, true)));
    assertNothingRuns();
  }

  private static List<MigrationFinding> walked(TestBed bed, WalkOptions options) {
    try (Beginnings beginnings =
        Beginnings.of(new Alembic(bed, List.of("alembic")), History::revisions)) {
      return RevisionWalk.report(beginnings, options, beginnings.revisions(), LOG::info).findings();
    }
  }

  @Test
  void breaksNothingWhereNamesAndLengthsAreUnusual() {
    Path folder = OUTPUT.resolve("unusual");
    BrokenPlatform.createUnusual(ROOT, folder);

    assertThat(check(folder, "unusual", UnaryOperator.identity()).said()).isEmpty();
  }

  @Test
  void worksBesideObjectsThatAreThereAndNamesThoseInTheWay() {
    Path backend = BrokenPlatform.sample(ROOT).resolve("backend");
    MigrationFaultBed bed = new MigrationFaultBed(sample, backend, "inhabited");

    assertThat(
            check(
                bed.inhabitedBy(
                    "create schema legacy; create table legacy.notes (id int primary key)"),
                Migrations.DEFAULT,
                Scope.revision("0011")))
        .isEqualTo(new Checked(Set.of(), ""));

    Checked checked =
        check(
            bed.inhabitedBy("create table customers (id int primary key)"),
            Migrations.DEFAULT,
            Scope.ALL);
    assertThat(checked.rules()).containsExactly("upgrade-fails");
    assertThat(checked.said()).contains("relation \"customers\" already exists", "0001");
  }

  /** With a sixth of a processor, revision 0009 keeps people waiting for six times as long. */
  @Test
  void takesABusyMachineForNoLock() {
    Path backend = BrokenPlatform.sample(ROOT).resolve("backend");

    onASixthOfAProcessor(
        () ->
            assertThat(
                    check(
                        new MigrationFaultBed(sample, backend, "busy"),
                        patient(Migrations.DEFAULT),
                        Scope.revision("0009")))
                .isEqualTo(new Checked(Set.of(), "")));
  }

  private static void onASixthOfAProcessor(Runnable work) {
    GenericContainer<?> postgres = sample.rig().service(Role.POSTGRES).orElseThrow();
    limitProcessor(postgres, PERIOD_MICROS / 6);
    try {
      work.run();
    } finally {
      limitProcessor(postgres, -1);
    }
  }

  private static void limitProcessor(GenericContainer<?> container, long quotaMicros) {
    container
        .getDockerClient()
        .updateContainerCmd(container.getContainerId())
        .withCpuPeriod(PERIOD_MICROS)
        .withCpuQuota(quotaMicros)
        .exec();
  }

  /** What a check came to. */
  private record Checked(Set<String> rules, String said) {}

  private static Checked check(Path folder, String name, UnaryOperator<Migrations> judged) {
    GitRepository repository = new GitRepository(new LocalProcess(), folder);
    String commit = repository.head();
    Migrations settings =
        CommittedPlatform.read(repository, commit, sample.variables().all()).migrations();
    return check(
        new MigrationFaultBed(sample, folder.resolve("backend"), name),
        judged.apply(settings),
        changed(repository, commit));
  }

  private static UnaryOperator<Migrations> judged(Fault fault) {
    return fault.rules().orElseThrow().stream().anyMatch(LOCKS::contains)
        ? UnaryOperator.identity()
        : MigrationFaultsIT::patient;
  }

  /**
   * Judged so, no sound revision of the sample is wrong on any machine: with 100 000 rows the
   * slowest of them keeps people waiting for a second or two, as fast as the machine is.
   */
  private static Migrations patient(Migrations settings) {
    return new Migrations(
        settings.directory(),
        settings.command(),
        settings.knownDrift(),
        settings.sizes(),
        Duration.ofSeconds(5),
        settings.patience());
  }

  private static Checked check(TestBed bed, Migrations settings, Scope scope) {
    try (MigrationCheck check = MigrationCheck.of(bed, settings, scope, LOG::info)) {
      List<MigrationFinding> failing =
          check.run(LocalDate.now(ZoneOffset.UTC)).judgement().failing();
      return new Checked(
          failing.stream()
              .map(finding -> finding.rule().id())
              .collect(Collectors.toCollection(TreeSet::new)),
          String.join("\n", failing.stream().map(MigrationFinding::message).toList()));
    } catch (SlipwayException refusal) {
      return new Checked(Set.of(), refusal.toString());
    }
  }

  /** What the platform has besides the sample's revisions; all of it where that is none. */
  private static Scope changed(GitRepository repository, String commit) {
    String sound = repository.parent(commit).orElseThrow();
    NewRevisions changed =
        NewRevisions.changedSince(repository, repository.parent(sound).orElse(sound), commit);
    return changed.files().stream().anyMatch(file -> file.contains("/versions/"))
        ? Scope.only(changed)
        : Scope.ALL;
  }

  private static void assertNothingRuns() {
    Eventually.within(
        PATIENCE,
        () -> MigrationFaultBed.programs(sample) == programs,
        () -> "programs that a check started still run in the backend's container");
  }
}
