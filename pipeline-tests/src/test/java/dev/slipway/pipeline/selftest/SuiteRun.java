package dev.slipway.pipeline.selftest;

import dev.slipway.pipeline.PipelineTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * What one suite said about a platform, run as Failsafe would run it but within this test.
 *
 * @param passed the methods that passed
 * @param failures by method, or under {@link #AS_A_WHOLE}: what the user would read
 */
record SuiteRun(Set<String> passed, Map<String, String> failures) {

  /** Stands for the suite itself, where it fails before or after its methods. */
  static final String AS_A_WHOLE = "(the suite)";

  SuiteRun {
    passed = Set.copyOf(passed);
    failures = Map.copyOf(failures);
  }

  /** The class of a suite, by its simple name. */
  static Class<?> suite(String name) {
    List<Class<?>> found =
        ReflectionSupport.findAllClassesInPackage(
            "dev.slipway.pipeline",
            type -> type.isAnnotationPresent(PipelineTest.class),
            simple -> simple.endsWith("." + name));
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

  /** Runs tests on the platform in a folder; a stage is named, so that no verdict is written. */
  static SuiteRun of(DiscoverySelector tests, String stage, Path root, Path platform, Path output) {
    Events events =
        EngineTestKit.engine("junit-jupiter")
            .selectors(tests)
            .configurationParameter("slipway.root", root.toString())
            .configurationParameter("slipway.stage", stage)
            .configurationParameter("slipway.output", output.toString())
            .configurationParameter("platform.dir", platform.toString())
            .execute()
            .allEvents();
    Set<String> passed = new TreeSet<>();
    events.succeeded().stream()
        .filter(event -> event.getTestDescriptor().isTest())
        .forEach(event -> passed.add(name(event)));
    Map<String, String> failures = new TreeMap<>();
    events.failed().stream()
        .forEach(event -> failures.merge(name(event), said(event), String::concat));
    return new SuiteRun(passed, failures);
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
