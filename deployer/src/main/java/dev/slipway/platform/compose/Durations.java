package dev.slipway.platform.compose;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations such as {@code 500ms}, {@code 60s} or {@code 1m30s}.
 *
 * @see <a
 *     href="https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-durations">
 *     Compose specification, durations</a>
 */
public final class Durations {

  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)");
  private static final Map<String, Long> NANOSECONDS =
      Map.of(
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private Durations() {}

  /** The duration, or nothing if {@code text} is none. */
  public static Optional<Duration> parse(String text) {
    Duration total = Duration.ZERO;
    Matcher matcher = PART.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        return Optional.empty();
      }
      BigDecimal nanoseconds =
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(NANOSECONDS.getOrDefault(matcher.group(2), 0L)));
      BigDecimal[] seconds = nanoseconds.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
      total = total.plus(Duration.ofSeconds(seconds[0].longValue(), seconds[1].longValue()));
      end = matcher.end();
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(total);
  }
}
