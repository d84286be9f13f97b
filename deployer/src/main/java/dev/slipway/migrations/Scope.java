package dev.slipway.migrations;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which revisions are to be proved: some, and all that stand on them.
 *
 * @param id the one that must be there; empty: there may as well be none
 * @param includes whether a revision is named
 * @param added whether production does not have a revision yet
 */
public record Scope(Optional<String> id, Predicate<Revision> includes, Predicate<Revision> added) {

  /** The line of a revision's file that gives its id. */
  private static final String REVISION = "^revision *[:=]";

  /** Every revision, of which production has all. */
  public static final Scope ALL = all(Set.of());

  /** Every revision, of which production does not have those in these files of the repository. */
  public static Scope all(Set<String> files) {
    return new Scope(Optional.empty(), revision -> true, in(files));
  }

  /** Those that stand in one of these files of the repository, which production does not have. */
  public static Scope changed(Set<String> files) {
    return new Scope(Optional.empty(), in(files), revision -> true);
  }

  /** The one whose id begins so. */
  public static Scope revision(String id) {
    return new Scope(Optional.of(id), revision -> revision.id().startsWith(id), revision -> true);
  }

  /** The files of a commit in which a revision stands that an older one does not have. */
  public static Set<String> newFiles(GitRepository repository, String older, String commit) {
    return repository.addedSince(older, commit, REVISION);
  }

  private static Predicate<Revision> in(Set<String> files) {
    return revision -> files.stream().anyMatch(revision::isIn);
  }

  /**
   * The revisions, each after those it stands on.
   *
   * @throws SlipwayException when the one that must be there is not
   */
  public List<Revision> of(History history) {
    Set<String> chosen = new HashSet<>();
    for (Revision revision : history.revisions()) {
      if (includes.test(revision) || revision.parents().stream().anyMatch(chosen::contains)) {
        chosen.add(revision.id());
      }
    }
    if (chosen.isEmpty() && id.isPresent()) {
      throw SlipwayException.refused(
          "There is no revision " + id.get() + ".",
          "`alembic history` lists them; the last is " + String.join(", ", history.heads()) + ".");
    }
    return history.revisions().stream().filter(found -> chosen.contains(found.id())).toList();
  }
}
