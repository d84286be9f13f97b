package dev.slipway.deploy.images;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a pull is, from what {@code docker pull} prints where there is no terminal: a line when a
 * layer that is missing is asked for, has come, and is unpacked. Bytes are those that are
 * transferred.
 */
final class PullProgress implements Consumer<String> {

  private static final Pattern LINE =
      Pattern.compile(
          "(?<layer>[0-9a-f]{12}): (?:(?<missing>Pulling fs layer)|Download complete|Pull complete)");
  private static final int ALGORITHM = "sha256:".length();
  private static final int SHORT = 12;

  private final Map<String, Long> sizes;
  private final Consumer<String> told;
  private final Set<String> missing = new HashSet<>();
  private final Set<String> come = new HashSet<>();

  /**
   * Nothing has come yet.
   *
   * @param layers bytes of layers by digest, also of other images
   * @param told told how far it is whenever that changes
   */
  PullProgress(Map<String, Long> layers, Consumer<String> told) {
    this.sizes =
        layers.entrySet().stream()
            .collect(
                Collectors.toMap(
                    layer -> layer.getKey().substring(ALGORITHM, ALGORITHM + SHORT),
                    Map.Entry::getValue,
                    (one, other) -> one));
    this.told = told;
  }

  @Override
  public void accept(String line) {
    Matcher matcher = LINE.matcher(line.strip());
    if (!matcher.matches() || !sizes.containsKey(matcher.group("layer"))) {
      return;
    }
    missing.add(matcher.group("layer"));
    if (matcher.group("missing") == null && come.add(matcher.group("layer"))) {
      told.accept(
          String.format(
              Locale.ROOT, "%.1f of %.1f MB have come", megabytes(come), megabytes(missing)));
    }
  }

  private double megabytes(Set<String> layers) {
    return layers.stream().mapToLong(sizes::get).sum() / 1e6;
  }
}
