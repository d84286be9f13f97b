package dev.slipway.migrations;

import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.List;

/** Whether the history ends in exactly one revision, so that alembic knows what {@code head} is. */
final class OneHead {

  private OneHead() {}

  static List<MigrationFinding> findings(History history) {
    List<String> heads = history.heads();
    if (heads.size() == 1) {
      return List.of();
    }
    return List.of(
        new MigrationFinding(
            Rule.MULTIPLE_HEADS,
            "",
            "",
            heads.isEmpty()
                ? "alembic knows no revision; commit one, or say in slipway.yml where they are (`migrations.directory`)."
                : several(history)));
  }

  private static String several(History history) {
    List<String> heads = history.heads();
    return "There are "
        + heads.size()
        + " heads, so `alembic upgrade head` refuses: "
        + String.join(", ", heads.stream().map(id -> described(history.revision(id))).toList())
        + ". Join them with `alembic merge -m \"merge heads\" "
        + String.join(" ", heads)
        + "`, or let down_revision of the newer one name the other.";
  }

  private static String described(Revision revision) {
    return revision + " in " + revision.file();
  }
}
