package dev.slipway.effect.docker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/** The last lines of a build that say something: no bookkeeping, and not how npm is used. */
final class BuildTail {

  private static final int LINES = 40;

  /** Npm prints its notices and all its options after the reason. */
  private static final Pattern USAGE =
      Pattern.compile(
          "(?:#\\d+ (?:[\\d.]+ )?)?npm (?:notice\\b.*|(?:error|ERR!)\\s*"
              + "(?:|\\[.*|aliases:.*|Options:|Usage:|npm (?:ci|install)\\b.*"
              + "|Clean install a project|Install a package|Run \"npm help .*))");

  private static final Pattern BOOKKEEPING =
      Pattern.compile("\\s*|#\\d+ (?:sha256:\\S+|DONE [\\d.]+s|CACHED|transferring .*)");

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (USAGE.matcher(line).matches() || BOOKKEEPING.matcher(line).matches()) {
      return;
    }
    lines.addLast(line);
    if (lines.size() > LINES) {
      lines.removeFirst();
    }
  }

  synchronized String text() {
    return String.join("\n", lines);
  }
}
