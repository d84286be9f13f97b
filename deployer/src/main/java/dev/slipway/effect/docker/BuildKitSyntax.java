package dev.slipway.effect.docker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a Dockerfile may say that only BuildKit understands.
 *
 * @see <a href="https://docs.docker.com/reference/dockerfile/">the reference</a>
 */
final class BuildKitSyntax {

  private static final Pattern FLAG =
      Pattern.compile(
          "(?i)(?:RUN\\s+(?:--\\S+\\s+)*--(?:mount|network|security|device)"
              + "|(?:COPY|ADD)\\s+(?:--\\S+\\s+)*--(?:link|chmod|parents|exclude|checksum|keep-git-dir|unpack))\\b.*");
  private static final Pattern HERE_DOCUMENT =
      Pattern.compile("(?i)(?:RUN|COPY|ADD)\\s(?:.*[^<])?<<-?[\"']?[A-Z_].*");

  private BuildKitSyntax() {}

  /** The first instruction that the classic builder would fail at, on one line. */
  static Optional<String> in(List<String> dockerfile) {
    StringBuilder instruction = new StringBuilder();
    for (String line : dockerfile) {
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      boolean continued = text.endsWith("\\");
      instruction.append(continued ? text.substring(0, text.length() - 1) : text);
      if (continued) {
        continue;
      }
      String whole = instruction.toString();
      if (FLAG.matcher(whole).matches() || HERE_DOCUMENT.matcher(whole).matches()) {
        return Optional.of(whole);
      }
      instruction.setLength(0);
    }
    return Optional.empty();
  }
}
