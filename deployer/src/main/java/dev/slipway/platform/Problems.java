package dev.slipway.platform;

import dev.slipway.SlipwayException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Everything wrong with the files of a platform, gathered so that it is reported at once. */
final class Problems {

  private final Set<String> problems = new LinkedHashSet<>();

  void add(String file, int line, String problem) {
    problems.add("%s:%d: %s".formatted(file, line, problem));
  }

  void add(String file, String problem) {
    problems.add("%s: %s".formatted(file, problem));
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  void throwIfAny(String advice) {
    if (problems.isEmpty()) {
      return;
    }
    String list = String.join("\n  ", problems);
    throw SlipwayException.refused(
        problems.size() == 1 ? list : "%d problems:\n  %s".formatted(problems.size(), list),
        advice);
  }
}
