package dev.slipway.migrations;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.rule.Waiver;
import java.util.ArrayList;
import java.util.List;

/**
 * The waivers in the comments of revisions.
 *
 * @param waivers those that can be read
 * @param unreadable what is wrong with the others
 */
record Waivers(List<Waiver> waivers, List<MigrationFinding> unreadable) {

  Waivers {
    waivers = List.copyOf(waivers);
    unreadable = List.copyOf(unreadable);
  }

  static Waivers of(List<Revision> revisions) {
    List<Waiver> waivers = new ArrayList<>();
    List<MigrationFinding> unreadable = new ArrayList<>();
    for (Revision revision : revisions) {
      for (Revision.Comment comment : revision.comments()) {
        try {
          waivers.add(Waiver.parse(revision.id(), comment.line(), comment.text()));
        } catch (IllegalArgumentException e) {
          unreadable.add(unreadable(revision, comment, e));
        }
      }
    }
    return new Waivers(waivers, unreadable);
  }

  boolean cover(MigrationFinding finding) {
    return waivers.stream().anyMatch(waiver -> waiver.covers(finding));
  }

  private static MigrationFinding unreadable(
      Revision revision, Revision.Comment comment, IllegalArgumentException reason) {
    return new MigrationFinding(
        Rule.WAIVER_UNREADABLE,
        revision.id(),
        "",
        revision.file() + ", line " + comment.line() + ": " + reason.getMessage() + ".");
  }
}
