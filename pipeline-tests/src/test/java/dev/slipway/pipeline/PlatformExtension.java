package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import dev.slipway.release.Verdict;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the one platform of a run to every suite, and keeps the run's record. */
public final class PlatformExtension
    implements ExecutionCondition,
        ParameterResolver,
        BeforeAllCallback,
        AfterAllCallback,
        TestWatcher {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Namespace NAMESPACE = Namespace.create(PlatformExtension.class);

  /**
   * Also notes that the suite begins: JUnit makes the instance of a per-class suite before it calls
   * {@code beforeAll}, and a suite whose constructor fails must not be missing from the record.
   */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<Verdict> known =
        inStore(
                context,
                Known.class,
                () -> new Known(KnownVerdict.find(context::getConfigurationParameter)))
            .verdict();
    if (known.isPresent()) {
      return ConditionEvaluationResult.disabled(
          "proved already, by the verdict of " + known.get().commit());
    }
    if (context.getTestMethod().isEmpty()) {
      record(context).suiteStarted(suite(context), context.getTags());
    }
    return ConditionEvaluationResult.enabled("nothing has proved this commit yet");
  }

  /** What an earlier run proved, looked up once. */
  private record Known(Optional<Verdict> verdict) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    platform(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    record(context).suiteFinished(suite(context), context.getExecutionException().isPresent());
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    record(context).passed(suite(context), test(context));
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    record(context).failed(suite(context), test(context));
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    LOG.info("{}.{} is left out: {}", suite(context), test(context), cause.getMessage());
    record(context).skipped(suite(context), test(context));
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    record(context).skipped(suite(context), test(context));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PlatformUnderTest.class;
  }

  /** JUnit would wrap a refusal of its own accord, and leave out what to do about it. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    try {
      return platform(context);
    } catch (SlipwayException refusal) {
      throw new ParameterResolutionException(refusal.toString(), refusal);
    }
  }

  private static String suite(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName();
  }

  private static String test(ExtensionContext context) {
    return context.getRequiredTestMethod().getName();
  }

  private static PlatformUnderTest platform(ExtensionContext context) {
    return inStore(
            context,
            OpenedPlatform.class,
            () -> {
              OpenedPlatform opened = OpenedPlatform.open(context::getConfigurationParameter);
              opened.platform().ifPresent(record(context)::judge);
              return opened;
            })
        .require(suite(context));
  }

  private static RunRecord record(ExtensionContext context) {
    return inStore(context, RunRecord.class, () -> new RunRecord(Suites.tests()));
  }

  private static <T> T inStore(ExtensionContext context, Class<T> type, Supplier<T> creator) {
    Store store = context.getRoot().getStore(NAMESPACE);
    return store.getOrComputeIfAbsent(type, key -> creator.get(), type);
  }
}
