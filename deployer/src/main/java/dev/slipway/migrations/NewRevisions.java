package dev.slipway.migrations;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which revisions a commit has that an older one does not, by the files of both. A file tells the
 * id of its revision, by which alembic knows it wherever an image puts the file.
 *
 * @param files those that the older commit does not have so
 * @param lines what those of them that hold a revision say of it, by file
 */
public record NewRevisions(Set<String> files, Map<String, List<String>> lines) {

  /** No file, and no revision. */
  static final NewRevisions NONE = new NewRevisions(Set.of(), Map.of());

  private static final String ID = "^revision *[:=]";
  private static final String ID_OR_PARENTS = "^(down_)?revision *[:=]";
  private static final Pattern TEXT = Pattern.compile("\"([^\"]+)\"|'([^']+)'");

  /** Copies. */
  public NewRevisions {
    files = Set.copyOf(files);
    lines = Map.copyOf(lines);
  }

  /**
   * Those of a commit that an older one does not have, whatever else is written in their files.
   *
   * @throws SlipwayException REFUSED where the older one is not there
   */
  public static NewRevisions since(GitRepository repository, String older, String commit) {
    if (repository.commit(older).isEmpty()) {
      throw SlipwayException.refused(
          "There is no commit or branch `" + older + "` in " + repository.directory() + ".",
          "Fetch it (`git fetch origin`), or name another with --since.");
    }
    return read(repository, repository.addedSince(older, commit, ID), commit);
  }

  /** Those of a commit in whose files an older one has anything otherwise. */
  public static NewRevisions changedSince(GitRepository repository, String older, String commit) {
    return read(repository, repository.changedSince(older, commit), commit);
  }

  private static NewRevisions read(GitRepository repository, Set<String> files, String commit) {
    Map<String, List<String>> lines =
        files.isEmpty() ? Map.of() : repository.lines(commit, ID_OR_PARENTS, "*.py");
    return of(files, lines);
  }

  private static NewRevisions of(Set<String> files, Map<String, List<String>> lines) {
    return new NewRevisions(
        files,
        files.stream()
            .filter(lines::containsKey)
            .collect(Collectors.toMap(file -> file, file -> lines.getOrDefault(file, List.of()))));
  }

  /**
   * Those in a folder, as that of the backend, which an image can have: others belong to another
   * alembic, whose ids may be the same.
   *
   * @param folder relative to the platform's root, {@code .} for itself
   */
  public NewRevisions below(String folder) {
    String start = folder.equals(".") || folder.isEmpty() ? "" : folder + "/";
    return of(
        files.stream().filter(file -> file.startsWith(start)).collect(Collectors.toSet()), lines);
  }

  /** Whether a revision is one of them. */
  boolean has(Revision revision) {
    return files.stream().anyMatch(file -> holds(file, revision));
  }

  private boolean holds(String file, Revision revision) {
    if (!lines.containsKey(file)) {
      return revision.isIn(file);
    }
    return id(file).map(revision.id()::equals).orElseGet(() -> revision.isNamedAs(file));
  }

  /**
   * Sees that the history has one of them, if there are any that belong to it.
   *
   * @throws SlipwayException when it has none
   */
  void requireOneIn(History history) {
    Map<String, String> missing = new TreeMap<>();
    Set<String> known = new HashSet<>();
    history.revisions().forEach(revision -> known.add(revision.id()));
    for (String file : lines.keySet()) {
      Set<String> parents = texts(file, "down_revision");
      if (known.isEmpty() || parents.stream().anyMatch(known::contains)) {
        id(file).ifPresent(id -> missing.put(file, id));
      }
    }
    if (!missing.isEmpty() && history.revisions().stream().noneMatch(this::has)) {
      throw SlipwayException.refused(
          "The backend's image has none of the new revisions: "
              + missing.entrySet().stream()
                  .map(found -> found.getValue() + " in " + found.getKey())
                  .collect(Collectors.joining(", "))
              + ".",
          "Let the Dockerfile copy the files, and .dockerignore leave them in; `alembic history` in the image must show them.");
    }
  }

  /** The id of the revision in a file, where it is written out. */
  private Optional<String> id(String file) {
    return texts(file, "revision").stream().findFirst();
  }

  private Set<String> texts(String file, String name) {
    Set<String> texts = new HashSet<>();
    for (String line : lines.getOrDefault(file, List.of())) {
      if (line.matches(name + "\\b.*=.*")) {
        Matcher text = TEXT.matcher(line.substring(line.indexOf('=')));
        while (text.find()) {
          texts.add(text.group(1) == null ? text.group(2) : text.group(1));
        }
      }
    }
    return texts;
  }
}
