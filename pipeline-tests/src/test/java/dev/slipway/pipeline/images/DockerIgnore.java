package dev.slipway.pipeline.images;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a {@code .dockerignore} leaves out of a build.
 *
 * @see <a href="https://docs.docker.com/build/concepts/context/#dockerignore-files">the syntax</a>
 */
record DockerIgnore(List<Rule> rules) {

  /** A pattern, and whether what it matches is left in. */
  record Rule(Pattern pattern, boolean leftIn) {}

  /** Copies. */
  DockerIgnore {
    rules = List.copyOf(rules);
  }

  static DockerIgnore parse(String text) {
    return new DockerIgnore(
        text.replace("\uFEFF", "")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.equals("!"))
            .map(DockerIgnore::rule)
            .toList());
  }

  private static Rule rule(String line) {
    boolean leftIn = line.startsWith("!");
    String glob =
        (leftIn ? line.substring(1).strip() : line)
            .replaceAll("/{2,}", "/")
            .replaceAll("(?<=^|/)\\./", "")
            .replaceFirst("^/", "")
            .replaceFirst("/$", "");
    return new Rule(Pattern.compile(regex(glob)), leftIn);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int at = 0; at < glob.length(); at++) {
      char next = glob.charAt(at);
      if (glob.startsWith("**/", at)) {
        regex.append("(?:.*/)?");
        at += 2;
      } else if (glob.startsWith("**", at)) {
        regex.append(".*");
        at++;
      } else if (next == '*') {
        regex.append("[^/]*");
      } else if (next == '?') {
        regex.append("[^/]");
      } else if (next == '\\' && at + 1 < glob.length()) {
        at++;
        regex.append(Pattern.quote(String.valueOf(glob.charAt(at))));
      } else {
        regex.append(Pattern.quote(String.valueOf(next)));
      }
    }
    return regex.toString();
  }

  /**
   * Whether a file is left out: the last rule counts that matches it or a folder that it is in.
   *
   * @param path relative to the build context
   */
  boolean leavesOut(String path) {
    List<String> chain = new ArrayList<>(List.of(path));
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      chain.add(path.substring(0, slash));
    }
    boolean out = false;
    for (Rule rule : rules) {
      if (chain.stream().anyMatch(each -> rule.pattern().matcher(each).matches())) {
        out = !rule.leftIn();
      }
    }
    return out;
  }
}
