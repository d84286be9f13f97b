package dev.slipway.migrations.report;

import dev.slipway.effect.git.GitRepository;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A revision's file.
 *
 * @param path where it lies in the repository
 * @param text what stands in it; empty when it cannot be read
 */
public record RevisionSource(String path, String text) {

  private static final Pattern TOP_LEVEL = Pattern.compile("^[^\\s#)\\]}].*");

  /** Where a commit has its revisions. */
  public static Function<Revision, RevisionSource> in(GitRepository repository, String commit) {
    List<String> files = repository.files(commit);
    return revision -> {
      String file = revision.in(files);
      return new RevisionSource(
          repository.prefix() + file, repository.show(commit, file).orElse(""));
    };
  }

  /**
   * The line that a finding is best shown at, from 1: where the function at fault names the object,
   * else where the function begins.
   */
  int line(MigrationFinding finding) {
    List<String> lines = text.lines().toList();
    Pattern function =
        Pattern.compile(
            "^(async )?def "
                + (finding.rule().isAboutTheWayBack() ? "downgrade" : "upgrade")
                + "\\b.*");
    int start = first(lines, 0, lines.size(), function);
    if (start == lines.size()) {
      return 1;
    }
    int end = first(lines, start + 1, lines.size(), TOP_LEVEL);
    int named = first(lines, start + 1, end, named(finding.object()));
    return (named < end ? named : start) + 1;
  }

  private static int first(List<String> lines, int from, int end, Pattern pattern) {
    return IntStream.range(from, end)
        .filter(i -> pattern.matcher(lines.get(i)).matches())
        .findFirst()
        .orElse(end);
  }

  /** The object's name without its kind and schema; nothing is named by an empty one. */
  private static Pattern named(String object) {
    String name = object.replaceFirst(".*[\\s.]", "").replace("\"", "");
    return name.isEmpty()
        ? Pattern.compile("(?!)")
        : Pattern.compile(".*\\b" + Pattern.quote(name) + "\\b.*");
  }
}
