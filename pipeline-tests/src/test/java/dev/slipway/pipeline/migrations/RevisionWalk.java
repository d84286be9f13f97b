package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.migrations.Revision.WayBack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final PlatformUnderTest platform;
  private final History history;
  private final RowFiller rows = new RowFiller();
  private final List<String> findings = new ArrayList<>();
  private final Map<String, State> below = new HashMap<>();
  private final Set<String> broken = new TreeSet<>();
  private AlembicCalls alembic;

  RevisionWalk(PlatformUnderTest platform, History history) {
    this.platform = platform;
    this.history = history;
    this.alembic = new AlembicCalls(platform);
  }

  /** What one can see of a database. */
  private record State(Set<String> versions, Catalog catalog, RowContents rows) {}

  /** Everything that is wrong, in the order of the revisions. */
  List<String> findings() throws SQLException {
    try {
      if (ascend()) {
        descend();
      }
      return List.copyOf(findings);
    } finally {
      alembic.close();
    }
  }

  private boolean ascend() throws SQLException {
    List<Revision> revisions = history.revisions();
    for (int i = 0; i < revisions.size(); i++) {
      Revision revision = revisions.get(i);
      fill();
      State before = look();
      below.put(revision.id(), before);
      Optional<String> failure = upgrade(revision, applied(before.versions(), revision));
      if (failure.isPresent()) {
        findings.add(
            failure.get()
                + "\nNot walked for this reason: "
                + revisions.subList(i, revisions.size()).stream().map(Revision::id).toList());
        return false;
      }
      int known = findings.size();
      roundTrip(revision, before, look());
      if (findings.size() > known) {
        broken.add(revision.id());
        startAfreshAt(revisions.subList(0, i + 1));
      }
      LOG.info("{}: {}", revision, findings.size() > known ? "FAILED" : "up, down and up again");
    }
    return true;
  }

  private static Set<String> applied(Set<String> versions, Revision revision) {
    Set<String> applied = new TreeSet<>(versions);
    applied.removeAll(revision.parents());
    applied.add(revision.id());
    return applied;
  }

  private void roundTrip(Revision revision, State before, State up) throws SQLException {
    Optional<String> failure = downgrade(revision, before.versions());
    if (failure.isPresent()) {
      findings.add(failure.get());
      return;
    }
    State down = look();
    List<String> differences =
        CatalogDifference.afterDowngrade(revision, before.catalog(), down.catalog());
    if (!differences.isEmpty() && revision.downgrade() == WayBack.EMPTY) {
      findings.add(missing(revision, "does nothing"));
    }
    findings.addAll(differences);
    down.rows()
        .lossesSince(before.rows(), up.rows())
        .forEach(loss -> findings.add(lost(revision, loss, "before `upgrade`")));
    if (!differences.isEmpty()) {
      return;
    }
    upgrade(revision, up.versions()).ifPresentOrElse(findings::add, () -> {});
    findings.addAll(CatalogDifference.afterSecondUpgrade(revision, up.catalog(), look().catalog()));
  }

  private static String lost(Revision revision, String loss, String when) {
    return "after `downgrade` of "
        + revision
        + " "
        + loss
        + " "
        + when
        + "; let the downgrade() of "
        + revision.file()
        + " move the rows back before it drops what holds them.";
  }

  private static String missing(Revision revision, String how) {
    return revision
        + " has no downgrade: downgrade() in "
        + revision.file()
        + " "
        + how
        + ", so nothing can be rolled back past it; undo there what upgrade() does.";
  }

  private Optional<String> upgrade(Revision revision, Set<String> wanted) throws SQLException {
    CommandResult result = alembic.upgrade(revision.id());
    return UnexpectedVersion.after("alembic upgrade " + revision.id(), result, wanted, versions());
  }

  private Optional<String> downgrade(Revision revision, Set<String> wanted) throws SQLException {
    String target = history.below(revision);
    CommandResult result = alembic.downgrade(target);
    if (!result.succeeded() && revision.downgrade() == WayBack.REFUSES) {
      return Optional.of(missing(revision, "raises an error: " + result.tail(1)));
    }
    if (!result.succeeded() && revision.downgrade() == WayBack.ABSENT) {
      return Optional.of(missing(revision, "is not defined"));
    }
    return UnexpectedVersion.after("alembic downgrade " + target, result, wanted, versions())
        .map(failure -> "downgrade of " + revision + ": " + failure);
  }

  private void descend() throws SQLException {
    List<Revision> revisions = history.revisions();
    for (int i = revisions.size() - 1; i >= 0; i--) {
      Revision revision = revisions.get(i);
      if (broken.contains(revision.id())) {
        startAfreshAt(revisions.subList(0, i));
        continue;
      }
      fill();
      State up = look();
      State known = java.util.Objects.requireNonNull(below.get(revision.id()));
      Optional<String> failure = downgrade(revision, known.versions());
      if (failure.isPresent()) {
        findings.add(
            failure.get()
                + "\nIt went well with rows from before the upgrade, so rows that were written after it stand in the way.");
        startAfreshAt(revisions.subList(0, i));
        continue;
      }
      State down = look();
      findings.addAll(CatalogDifference.afterDowngrade(revision, known.catalog(), down.catalog()));
      down.rows()
          .fewerThan(up.rows())
          .forEach(loss -> findings.add(lost(revision, loss, "after `upgrade`")));
    }
    LOG.info("Went down from {} to base", history.heads());
  }

  private void startAfreshAt(List<Revision> applied) throws SQLException {
    alembic.close();
    alembic = new AlembicCalls(platform);
    for (String head : heads(applied)) {
      CommandResult result = alembic.upgrade(head);
      if (!result.succeeded()) {
        throw new AssertionError(
            String.join("\n", findings)
                + "\n`alembic upgrade "
                + head
                + "` fails on an empty database:\n"
                + result.tail(12));
      }
    }
  }

  private static List<String> heads(List<Revision> applied) {
    return applied.stream()
        .map(Revision::id)
        .filter(id -> applied.stream().noneMatch(other -> other.parents().contains(id)))
        .toList();
  }

  private void fill() throws SQLException {
    try (Connection connection = alembic.connect()) {
      rows.fill(connection);
    }
  }

  private Set<String> versions() throws SQLException {
    try (Connection connection = alembic.connect()) {
      return AlembicCalls.current(connection);
    }
  }

  private State look() throws SQLException {
    try (Connection connection = alembic.connect()) {
      return new State(
          AlembicCalls.current(connection), Catalog.read(connection), RowContents.read(connection));
    }
  }
}
