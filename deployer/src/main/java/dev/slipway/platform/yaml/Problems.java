package dev.slipway.platform.yaml;

import dev.slipway.SlipwayException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Everything wrong with the files of a platform, gathered so that it is reported at once. */
public final class Problems {

  private final Set<String> problems = new LinkedHashSet<>();

  public void add(String file, int line, String problem) {
    problems.add("%s:%d: %s".formatted(file, line, problem));
  }

  public void add(String file, String problem) {
    problems.add("%s: %s".formatted(file, problem));
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  public void throwIfAny(String advice) {
    if (problems.isEmpty()) {
      return;
    }
    String list = String.join("\n  ", problems);
    throw SlipwayException.refused(
        problems.size() == 1 ? list : "%d problems:\n  %s".formatted(problems.size(), list),
        advice);
  }
}
