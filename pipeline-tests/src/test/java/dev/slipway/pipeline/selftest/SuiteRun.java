package dev.slipway.pipeline.selftest;

import dev.slipway.pipeline.Suites;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * What suites said about a platform, run as Failsafe would run them but within this test.
 *
 * @param passed the methods that passed
 * @param skipped by method: why it was skipped
 * @param failures by method, or under {@link #AS_A_WHOLE}: what the user would read
 * @param red by suite: what of the failures is its own
 */
record SuiteRun(
    Set<String> passed,
    Map<String, String> skipped,
    Map<String, String> failures,
    Map<String, String> red) {

  /** Stands for the suite itself, where it fails before or after its methods. */
  static final String AS_A_WHOLE = "(the suite)";

  SuiteRun {
    passed = Set.copyOf(passed);
    skipped = Map.copyOf(skipped);
    red = Map.copyOf(red);
    failures = Map.copyOf(failures);
  }

  /** The class of a suite, by its simple name. */
  static Class<?> suite(String name) {
    List<Class<?>> found =
        Suites.all().stream().filter(suite -> suite.getSimpleName().equals(name)).toList();
    if (found.size() != 1 || ModifierSupport.isAbstract(found.get(0))) {
      throw new IllegalStateException("there is no suite " + name + ", or several: " + found);
    }
    return found.get(0);
  }

  /** All that a suite tests. */
  static DiscoverySelector all(String suite) {
    return DiscoverySelectors.selectClass(suite(suite));
  }

  /** One test of a suite. */
  static DiscoverySelector one(String suite, String test) {
    return DiscoverySelectors.selectMethod(suite(suite), test);
  }

  /** Runs tests on the platform in a folder; they are never all, so that no verdict is written. */
  static SuiteRun of(List<DiscoverySelector> tests, Path root, Path platform, Path output) {
    Events events =
        EngineTestKit.engine("junit-jupiter")
            .selectors(tests.toArray(DiscoverySelector[]::new))
            .configurationParameter("slipway.root", root.toString())
            .configurationParameter("slipway.output", output.toString())
            .configurationParameter("platform.dir", platform.toString())
            .execute()
            .allEvents();
    Set<String> passed = new TreeSet<>();
    events.succeeded().stream()
        .filter(event -> event.getTestDescriptor().isTest())
        .forEach(event -> passed.add(name(event)));
    return new SuiteRun(
        passed,
        said(events.aborted(), SuiteRun::name),
        said(events.failed(), SuiteRun::name),
        said(events.failed(), SuiteRun::suite));
  }

  private static Map<String, String> said(Events events, Function<Event, String> key) {
    Map<String, String> said = new TreeMap<>();
    events.stream().forEach(event -> said.merge(key.apply(event), said(event), String::concat));
    return said;
  }

  private static String suite(Event event) {
    TestSource source = event.getTestDescriptor().getSource().orElseThrow();
    return source instanceof MethodSource method
        ? method.getJavaClass().getSimpleName()
        : ((ClassSource) source).getJavaClass().getSimpleName();
  }

  private static String name(Event event) {
    return event
        .getTestDescriptor()
        .getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(MethodSource::getMethodName)
        .orElse(AS_A_WHOLE);
  }

  private static String said(Event event) {
    return event
        .getRequiredPayload(TestExecutionResult.class)
        .getThrowable()
        .map(Throwable::toString)
        .orElse("");
  }
}
