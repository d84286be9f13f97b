package dev.slipway.pipeline.migrations;

import dev.slipway.pipeline.migrations.Revision.WayBack;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks every revision up, down and up again with rows in the tables, then all the way down with
 * rows of each schema; finds everything that is wrong, not only the first.
 */
final class RevisionWalk {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  private final List<Revision> revisions;
  private final WalkedDatabase database;
  private final List<String> findings = new ArrayList<>();
  private final Map<String, DatabaseState> below = new HashMap<>();
  private final Set<String> broken = new TreeSet<>();

  RevisionWalk(History history, WalkedDatabase database) {
    this.revisions = history.revisions();
    this.database = database;
  }

  /** Everything that is wrong, in the order of the revisions. */
  List<String> findings() throws SQLException {
    if (ascend()) {
      descend();
    }
    return List.copyOf(findings);
  }

  private boolean ascend() throws SQLException {
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
      LOG.info("{}: {}", revision, found.isEmpty() ? "up, down and up again" : "FAILED");
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

  private List<String> roundTrip(Revision revision, DatabaseState before, DatabaseState up)
      throws SQLException {
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
    if (!found.isEmpty() && revision.downgrade() == WayBack.EMPTY) {
      found.add(0, WalkFinding.missing(revision, "does nothing"));
    }
    if (repeatable) {
      database.upgrade(revision, up.versions()).ifPresent(found::add);
      found.addAll(
          CatalogDifference.afterSecondUpgrade(revision, up.catalog(), database.look().catalog()));
    }
    return found;
  }

  private void descend() throws SQLException {
    for (int i = revisions.size() - 1; i >= 0; i--) {
      Revision revision = revisions.get(i);
      if (broken.contains(revision.id()) || !comesDown(revision)) {
        database.startAfreshAt(revisions.subList(0, i));
      }
    }
    LOG.info("Down to base again, with rows of every schema");
  }

  private boolean comesDown(Revision revision) throws SQLException {
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
