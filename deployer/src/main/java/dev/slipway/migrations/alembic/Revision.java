package dev.slipway.migrations.alembic;

import java.util.Collection;
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
   * The file of a repository that holds it, of those there are; its own path when there is none.
   */
  public String in(Collection<String> files) {
    return files.stream().filter(this::isIn).findFirst().orElse(path);
  }

  /** Whether it stands in that file of the repository, where folders may lie otherwise. */
  public boolean isIn(String repositoryFile) {
    return end(repositoryFile).equals(end(path));
  }

  /** File and folder. */
  private static String end(String file) {
    String[] names = file.split("/", -1);
    return names.length < 2 ? file : names[names.length - 2] + "/" + names[names.length - 1];
  }

  @Override
  public String toString() {
    return title.isEmpty() ? id : id + " (" + title + ")";
  }
}
