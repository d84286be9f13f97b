package dev.slipway.migrations.drift;

import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Drift;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compares the models with what the migrations make, but for differences that are known. */
public final class ModelDrift {

  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final String KEY = "migrations.known-drift in slipway.yml";

  private ModelDrift() {}

  /**
   * What differs and is not known, and what is called known and does not differ.
   *
   * @param database a new one, at the head
   * @param known differences that are accepted
   */
  public static List<MigrationFinding> findings(
      Alembic alembic, Database database, List<String> known) {
    try (Walker walker = Walker.start(alembic, database, DEADLINE)) {
      return findings(walker.drift(), known);
    }
  }

  static List<MigrationFinding> findings(Drift drift, List<String> known) {
    if (!drift.traceback().isEmpty()) {
      return List.of(
          finding(
              "",
              "The models cannot be compared with the migrations:\n"
                  + drift.traceback().strip()
                  + "\nMend env.py, or the hook of it that was at work; `alembic check` in the backend's image shows the same."));
    }
    List<MigrationFinding> findings = new ArrayList<>();
    if (!drift.compared()) {
      return findings;
    }
    Set<String> accepted = new HashSet<>(known);
    for (String difference : drift.differences()) {
      if (!accepted.remove(difference)) {
        findings.add(
            finding(
                difference,
                "The models and the migrations differ: `"
                    + difference
                    + "` would make the database what the models say. Let a migration do it (`alembic revision --autogenerate`),"
                    + " or mend the models; what has to wait goes into "
                    + KEY
                    + ", in these words."));
      }
    }
    for (String needless : known) {
      if (accepted.contains(needless)) {
        findings.add(
            finding(
                needless,
                "`"
                    + needless
                    + "` stands in "
                    + KEY
                    + ", but nothing differs so any more; take it out."));
      }
    }
    return findings;
  }

  private static MigrationFinding finding(String object, String message) {
    return new MigrationFinding(Rule.DRIFT, "", object, message);
  }
}
