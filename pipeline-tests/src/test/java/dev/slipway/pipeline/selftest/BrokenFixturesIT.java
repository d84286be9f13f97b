package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.effect.git.Workspace;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every fault in {@code fixtures/broken} is caught by the suite that should catch it, with a
 * message that names the fault and what to do; and the platform without a fault is not.
 */
class BrokenFixturesIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Path OUTPUT = ROOT.resolve("target/slipway/selftest");

  @BeforeAll
  static void judgesSlipwayAndNoPlatform() {
    Path judged =
        Workspace.of(ROOT, Optional.ofNullable(System.getProperty("platform.dir"))).platform();
    assumeTrue(
        judged.equals(BrokenPlatform.sample(ROOT)),
        "this run judges " + judged + "; the self-tests judge Slipway itself and are left out");
  }

  static List<Fault> faults() {
    return FaultFile.readAll(BrokenPlatform.faults(ROOT));
  }

  static Stream<Fault> quickFaults() {
    return faults().stream().filter(fault -> !fault.nightly());
  }

  /** Of those that name rules, the first for each test; {@link MigrationFaultsIT} has all. */
  static Stream<Fault> slowFaults() {
    Set<String> tests = new TreeSet<>();
    return faults().stream()
        .filter(Fault::nightly)
        .filter(fault -> fault.rules().isEmpty() || tests.add(fault.test().orElse("")));
  }

  static Stream<Fault> oneQuickFaultForEachSuite() {
    return oneForEachSuite(quickFaults());
  }

  static Stream<Fault> oneSlowFaultForEachSuite() {
    return oneForEachSuite(slowFaults());
  }

  private static Stream<Fault> oneForEachSuite(Stream<Fault> faults) {
    return faults
        .collect(Collectors.toMap(Fault::suite, fault -> fault, (first, second) -> first))
        .values()
        .stream();
  }

  @Test
  @Tag("selftest")
  void everyFaultNamesASuiteAndItsTests() {
    for (Fault fault : faults()) {
      Class<?> suite = SuiteRun.suite(fault.suite());
      assertThat(suite.getAnnotation(Tag.class).value())
          .withFailMessage("%s: %s is not of stage %s", fault, fault.suite(), fault.stage())
          .isEqualTo(fault.stage());
      assertThat(Arrays.stream(suite.getDeclaredMethods()).map(Method::getName))
          .withFailMessage("%s names a test that %s does not have", fault, fault.suite())
          .containsAll(fault.also())
          .containsAll(fault.test().stream().toList());
      assertThat(fault.message())
          .withFailMessage(
              "%s must expect two texts at least: the fault, and what to do about it", fault)
          .hasSizeGreaterThan(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("quickFaults")
  @Tag("selftest")
  void catchesTheFault(Fault fault) {
    assertCaught(fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("slowFaults")
  @Tag("nightly")
  void catchesTheSlowFault(Fault fault) {
    assertCaught(fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"quickFaults", "slowFaults"})
  @Tag("nightly")
  void noOtherQuickSuiteIsRed(Fault fault) {
    Set<String> others = new TreeSet<>(quickFaults().map(Fault::suite).toList());
    others.remove(fault.suite());
    SuiteRun run =
        run(
            "others-" + fault.name(),
            others.stream().map(SuiteRun::all).toList(),
            Optional.of(fault));

    assertThat(run.red().keySet())
        .withFailMessage(
            () ->
                "%s (%s) is for %s, and makes also red: %s"
                    .formatted(fault, fault.title(), fault.suite(), run.red()))
        .isEqualTo(fault.alsoSuites());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oneQuickFaultForEachSuite")
  @Tag("selftest")
  void theSameSuiteFindsNothingInTheSoundPlatform(Fault fault) {
    assertSound(fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oneSlowFaultForEachSuite")
  @Tag("nightly")
  void theSameSlowSuiteFindsNothingInTheSoundPlatform(Fault fault) {
    assertSound(fault);
  }

  private static void assertCaught(Fault fault) {
    DiscoverySelector tests =
        fault
            .test()
            .filter(test -> fault.alone())
            .map(test -> SuiteRun.one(fault.suite(), test))
            .orElseGet(() -> SuiteRun.all(fault.suite()));
    SuiteRun run = run(fault.name(), List.of(tests), Optional.of(fault));

    String test = fault.test().orElse(SuiteRun.AS_A_WHOLE);
    Set<String> expected = new TreeSet<>(fault.also());
    expected.add(test);
    assertThat(new TreeSet<>(run.failures().keySet()))
        .withFailMessage(
            () ->
                "%s (%s): %s should fail in %s, and there failed: %s"
                    .formatted(fault, fault.title(), expected, fault.suite(), run.failures()))
        .isEqualTo(expected);
    String said = run.failures().getOrDefault(test, "");
    LOG.info(
        "{} is caught by {}.{}:\n{}", fault, fault.suite(), test, said.indent(4).stripTrailing());
    assertThat(said)
        .as("what %s.%s says of %s", fault.suite(), test, fault)
        .contains(fault.message());
  }

  private static void assertSound(Fault fault) {
    SuiteRun run =
        run("sound-" + fault.suite(), List.of(SuiteRun.all(fault.suite())), Optional.empty());

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).isNotEmpty();
  }

  private static SuiteRun run(String name, List<DiscoverySelector> tests, Optional<Fault> broken) {
    Path folder = OUTPUT.resolve(name);
    Path platform = folder.resolve("platform");
    Path output = folder.resolve("output");
    BrokenPlatform.create(ROOT, broken, platform);
    SuiteRun run = SuiteRun.of(tests, ROOT, platform, output);
    assertThat(output.resolve("verdict.json")).doesNotExist();
    return run;
  }
}
