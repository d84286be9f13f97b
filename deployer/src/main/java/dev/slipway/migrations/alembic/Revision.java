package dev.slipway.migrations.alembic;

import java.util.List;

/**
 * One revision of alembic's history.
 *
 * @param id what the version table says once it is applied
 * @param parents the revisions right below; more than one: it merges branches
 * @param branches how many revisions stand right on top of it
 * @param title what its file name says besides the id
 * @param file the name of its file
 */
public record Revision(String id, List<String> parents, int branches, String title, String file) {

  /** What a revision has for a downgrade, by its source. */
  public enum WayBack {
    PRESENT,
    EMPTY,
    REFUSES,
    ABSENT
  }

  /** Copies. */
  public Revision {
    parents = List.copyOf(parents);
  }

  @Override
  public String toString() {
    return title.isEmpty() ? id : id + " (" + title + ")";
  }
}
