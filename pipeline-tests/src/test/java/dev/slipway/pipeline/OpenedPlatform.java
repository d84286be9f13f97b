package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/**
 * The one platform of a run, or why there is none: said in full to the first suite, and briefly to
 * those that follow.
 */
final class OpenedPlatform implements AutoCloseable {

  private final @Nullable PlatformUnderTest platform;
  private final @Nullable SlipwayException refusal;
  private @Nullable String told;

  private OpenedPlatform(@Nullable PlatformUnderTest platform, @Nullable SlipwayException refusal) {
    this.platform = platform;
    this.refusal = refusal;
  }

  /** Opens the platform that the settings name. */
  static OpenedPlatform open(Function<String, Optional<String>> setting) {
    try {
      return new OpenedPlatform(PlatformUnderTest.open(setting), null);
    } catch (SlipwayException refusal) {
      return new OpenedPlatform(null, refusal);
    }
  }

  /** The platform, unless it was refused. */
  Optional<PlatformUnderTest> platform() {
    return Optional.ofNullable(platform);
  }

  /** The platform for a suite, which otherwise ends here. */
  synchronized PlatformUnderTest require(String suite) {
    if (platform != null) {
      return platform;
    }
    if (told == null && refusal != null) {
      told = suite;
      throw refusal;
    }
    throw new RefusedBefore(told);
  }

  @Override
  public void close() {
    if (platform != null) {
      platform.close();
    }
  }

  /**
   * Stands for a refusal that was told already; without a stack trace, which says no more, and of
   * the type that JUnit does not wrap.
   */
  private static final class RefusedBefore extends ParameterResolutionException {

    private static final long serialVersionUID = 1L;

    private RefusedBefore(@Nullable String told) {
      super("No platform to judge: see the first failure, that of " + told);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
