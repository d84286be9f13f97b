package dev.slipway.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Every suite that judges a platform. */
public final class Suites {

  private Suites() {}

  /** Their classes. */
  public static List<Class<?>> all() {
    return ReflectionSupport.findAllClassesInPackage(
        Suites.class.getPackageName(), Suites::isSuite, name -> true);
  }

  private static boolean isSuite(Class<?> type) {
    return type.isAnnotationPresent(PipelineTest.class);
  }

  /** Their tests, by the suite's simple name. */
  static Map<String, Set<String>> tests() {
    return all().stream().collect(Collectors.toMap(Class::getSimpleName, Suites::tests));
  }

  private static Set<String> tests(Class<?> suite) {
    Predicate<java.lang.reflect.Method> isTest =
        method -> AnnotationSupport.isAnnotated(method, Testable.class);
    return ReflectionSupport.findMethods(suite, isTest, HierarchyTraversalMode.TOP_DOWN).stream()
        .map(method -> method.getName())
        .collect(Collectors.toSet());
  }
}
