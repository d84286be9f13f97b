package dev.slipway.migrations.alembic;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * One revision of alembic's history.
 *
 * @param id what the version table says once it is applied
 * @param parents the revisions right below; more than one: it merges branches
 * @param branches how many revisions stand right on top of it
 * @param title what its file name says besides the id
 * @param path its file, seen from where alembic is called
 * @param comments those in its file that are meant for Slipway
 * @param dependencies the revisions that it needs besides ({@code depends_on}); the version table
 *     names none of them any more once it is applied
 */
public record Revision(
    String id,
    List<String> parents,
    int branches,
    String title,
    String path,
    List<Comment> comments,
    List<String> dependencies) {

  /** What a revision has for a downgrade, by its source. */
  public enum WayBack {
    PRESENT,
    EMPTY,
    REFUSES,
    ABSENT
  }

  /**
   * A comment that begins with {@code slipway:}.
   *
   * @param line where it stands, from 1
   * @param text what follows
   */
  public record Comment(int line, String text) {}

  /** Copies. */
  public Revision {
    parents = List.copyOf(parents);
    comments = comments == null ? List.of() : List.copyOf(comments);
    dependencies = dependencies == null ? List.of() : List.copyOf(dependencies);
  }

  /** One that needs nothing but its parents. */
  public Revision(
      String id,
      List<String> parents,
      int branches,
      String title,
      String path,
      List<Comment> comments) {
    this(id, parents, branches, title, path, comments, List.of());
  }

  /** The name of its file. */
  public String file() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * The file of a repository that holds it, of those there are: the one whose path ends most like
   * its own; its own path when there is none, or when several have nothing but the name of it.
   */
  public String in(Collection<String> files) {
    List<String> found = files.stream().filter(this::isNamedAs).toList();
    return found.stream()
        .max(Comparator.comparingInt(file -> commonEnd(file, path)))
        .filter(file -> found.size() == 1 || isIn(file))
        .orElse(path);
  }

  /** Whether it stands in that file of the repository, where folders may lie otherwise. */
  public boolean isIn(String repositoryFile) {
    return commonEnd(repositoryFile, path) >= Math.min(2, path.split("/", -1).length);
  }

  /** Whether its file has the name of that one, in whatever folder. */
  public boolean isNamedAs(String repositoryFile) {
    return commonEnd(repositoryFile, path) > 0;
  }

  /** How many names at the end of two paths are the same. */
  private static int commonEnd(String one, String other) {
    List<String> names = Arrays.asList(one.split("/", -1));
    List<String> others = Arrays.asList(other.split("/", -1));
    int same = 0;
    while (same < Math.min(names.size(), others.size())
        && names.get(names.size() - 1 - same).equals(others.get(others.size() - 1 - same))) {
      same++;
    }
    return same;
  }

  @Override
  public String toString() {
    return title.isEmpty() ? id : id + " (" + title + ")";
  }
}
