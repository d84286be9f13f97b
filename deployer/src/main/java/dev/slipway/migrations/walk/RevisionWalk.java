package dev.slipway.migrations.walk;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.TestBed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Walks every revision up, down and up again with rows in the tables, then all the way down with
 * rows of each schema; finds everything that is wrong, not only the first.
 */
public final class RevisionWalk {

  private final WalkedDatabase database;
  private final WalkOptions options;
  private final Consumer<String> progress;
  private final List<Revision> revisions;
  private final List<String> findings = new ArrayList<>();
  private final Map<String, DatabaseState> below = new HashMap<>();
  private final Set<String> broken = new TreeSet<>();

  private RevisionWalk(WalkedDatabase database, WalkOptions options, Consumer<String> progress) {
    this.database = database;
    this.options = options;
    this.progress = progress;
    this.revisions = database.history().revisions();
  }

  /**
   * Walks all revisions of a platform on new databases.
   *
   * @param alembicCommand how the platform calls alembic, without a subcommand
   * @param progress told of each revision when it was walked
   * @return everything that is wrong, in the order of the revisions
   */
  public static List<String> findings(
      TestBed bed, List<String> alembicCommand, WalkOptions options, Consumer<String> progress) {
    try (WalkedDatabase database = new WalkedDatabase(bed, alembicCommand, options)) {
      List<String> findings = new RevisionWalk(database, options, progress).walk();
      if (database.sawEverything()) {
        return findings;
      }
    }
    progress.accept(
        "A revision changes what event triggers are not told of; walking again with complete looks");
    WalkOptions complete = options.reading(true);
    try (WalkedDatabase database = new WalkedDatabase(bed, alembicCommand, complete)) {
      return new RevisionWalk(database, complete, progress).walk();
    }
  }

  private List<String> walk() {
    if (ascend() && options.wayDown()) {
      descend();
    }
    return List.copyOf(findings);
  }

  private boolean ascend() {
    for (int i = 0; i < revisions.size(); i++) {
      Revision revision = revisions.get(i);
      database.fill();
      DatabaseState before = database.look();
      below.put(revision.id(), before);
      Optional<String> failure =
          database.upgrade(revision, versionsWith(before.versions(), revision));
      if (failure.isPresent()) {
        findings.add(WalkFinding.notWalked(failure.get(), revisions.subList(i, revisions.size())));
        return false;
      }
      List<String> found = roundTrip(revision, before, database.look());
      progress.accept(revision + ": " + (found.isEmpty() ? "up, down and up again" : "FAILED"));
      if (!found.isEmpty()) {
        findings.addAll(found);
        broken.add(revision.id());
        database.startAfreshAt(revisions.subList(0, i + 1));
      }
    }
    return true;
  }

  private static Set<String> versionsWith(Set<String> versions, Revision revision) {
    Set<String> applied = new TreeSet<>(versions);
    applied.removeAll(revision.parents());
    applied.add(revision.id());
    return applied;
  }

  private List<String> roundTrip(Revision revision, DatabaseState before, DatabaseState up) {
    Optional<String> failure = database.downgrade(revision, before.versions());
    if (failure.isPresent()) {
      return List.of(failure.get());
    }
    DatabaseState down = database.look();
    List<String> found =
        new ArrayList<>(
            CatalogDifference.afterDowngrade(revision, before.catalog(), down.catalog()));
    boolean repeatable = found.isEmpty();
    down.rows()
        .lossesSince(before.rows(), up.rows())
        .forEach(loss -> found.add(WalkFinding.rowsLost(revision, loss)));
    if (!found.isEmpty() && database.wayBack(revision) == WayBack.EMPTY) {
      found.add(0, WalkFinding.missing(revision, "does nothing"));
    }
    if (repeatable) {
      database.upgrade(revision, up.versions()).ifPresent(found::add);
      found.addAll(
          CatalogDifference.afterSecondUpgrade(revision, up.catalog(), database.look().catalog()));
    }
    return found;
  }

  private void descend() {
    for (int i = revisions.size() - 1; i >= 0; i--) {
      Revision revision = revisions.get(i);
      if (broken.contains(revision.id()) || !comesDown(revision)) {
        database.startAfreshAt(revisions.subList(0, i));
      }
    }
    progress.accept("Down to base again, with rows of every schema");
  }

  private boolean comesDown(Revision revision) {
    database.fill();
    DatabaseState up = database.look();
    DatabaseState known = Objects.requireNonNull(below.get(revision.id()));
    Optional<String> failure = database.downgrade(revision, known.versions());
    if (failure.isPresent()) {
      findings.add(WalkFinding.newRowsStandInTheWay(failure.get()));
      return false;
    }
    DatabaseState down = database.look();
    List<String> found =
        new ArrayList<>(
            CatalogDifference.afterDowngrade(revision, known.catalog(), down.catalog()));
    down.rows()
        .fewerThan(up.rows())
        .forEach(loss -> found.add(WalkFinding.rowsLost(revision, loss)));
    findings.addAll(found);
    return found.isEmpty();
  }
}
