package dev.slipway.pipeline.images;

import dev.slipway.platform.compose.EnvironmentVariable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Vite reads in a {@code .env.production}.
 *
 * @see <a href="https://vite.dev/guide/env-and-mode#env-files">env files</a>
 */
final class EnvProduction {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\{([A-Za-z_]\\w*)\\}|([A-Za-z_]\\w*))");

  private EnvProduction() {}

  /** The value of a variable; empty when it has none. Of several assignments the last counts. */
  static Optional<String> value(String text, String name) {
    Map<String, String> values = new HashMap<>();
    for (EnvironmentVariable variable : EnvironmentVariable.in(text)) {
      values.put(variable.name(), expanded(plain(variable), values));
    }
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** Unlike compose, Vite ends a value without quotes at any {@code #}. */
  private static String plain(EnvironmentVariable variable) {
    return variable.quotes() == EnvironmentVariable.Quotes.NONE
        ? variable.written().replaceFirst("#.*", "").strip()
        : variable.value().strip();
  }

  private static String expanded(String value, Map<String, String> earlier) {
    return REFERENCE
        .matcher(value)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    earlier.getOrDefault(
                        found.group(1) == null ? found.group(2) : found.group(1), found.group())));
  }

  /** The host in an address, {@code ""} when it is a path alone; empty when it is no address. */
  static Optional<String> host(String address) {
    try {
      return Optional.of(Optional.ofNullable(new URI(address).getHost()).orElse(""));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
