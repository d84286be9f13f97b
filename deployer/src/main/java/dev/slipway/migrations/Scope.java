package dev.slipway.migrations;

import dev.slipway.SlipwayException;
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
 * @param fresh those of which one must be there, if there are any
 */
public record Scope(
    Optional<String> id,
    Predicate<Revision> includes,
    Predicate<Revision> added,
    NewRevisions fresh) {

  /** Every revision, of which production has all. */
  public static final Scope ALL = all(NewRevisions.NONE);

  /** Every revision, of which production does not have these. */
  public static Scope all(NewRevisions fresh) {
    return new Scope(Optional.empty(), revision -> true, fresh::has, fresh);
  }

  /** These, which production does not have. */
  public static Scope only(NewRevisions fresh) {
    return new Scope(Optional.empty(), fresh::has, revision -> true, fresh);
  }

  /** The one whose id begins so. */
  public static Scope revision(String id) {
    return new Scope(
        Optional.of(id),
        revision -> revision.id().startsWith(id),
        revision -> true,
        NewRevisions.NONE);
  }

  /**
   * The revisions, each after those it stands on.
   *
   * @throws SlipwayException when the one that must be there is not
   */
  public List<Revision> of(History history) {
    fresh.requireOneIn(history);
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
