package dev.slipway.platform.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class NearestName {

  private NearestName() {}

  /** A half-sentence for an error: the likely name, else all names. */
  public static String hint(String wrong, Collection<String> known) {
    if (known.isEmpty()) {
      return "there is none";
    }
    return find(wrong, known)
        .map("did you mean '%s'?"::formatted)
        .orElseGet(() -> "known: " + String.join(", ", known));
  }

  /** The nearest name, if it is near enough to be a slip of the pen or contains the wrong one. */
  static Optional<String> find(String wrong, Collection<String> known) {
    int tolerated = Math.max(2, wrong.length() / 3);
    return known.stream()
        .filter(name -> distance(wrong, name) <= tolerated || sharesWord(wrong, name))
        .min(Comparator.comparingInt((String name) -> distance(wrong, name)));
  }

  private static boolean sharesWord(String wrong, String name) {
    return wrong.length() > 2
        && name.length() > 2
        && (name.contains(wrong) || wrong.contains(name));
  }

  /** Levenshtein's distance, upper and lower case being the same. */
  static int distance(String left, String right) {
    String from = left.toLowerCase(Locale.ROOT);
    String to = right.toLowerCase(Locale.ROOT);
    int[] previous = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      previous[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced =
            previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
