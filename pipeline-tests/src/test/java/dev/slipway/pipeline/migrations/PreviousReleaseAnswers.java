package dev.slipway.pipeline.migrations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.TargetDatabase;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.pipeline.PlatformUnderTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.ContainerLaunchException;

/** What the previous release answers, on its own schema and on the new one. */
final class PreviousReleaseAnswers {

  private static final List<String> API_DESCRIPTIONS =
      List.of("/openapi.json", "/api/openapi.json");

  private final PlatformUnderTest platform;
  private final Alembic alembic;
  private final History history;
  private final PreviousRelease previous;

  PreviousReleaseAnswers(
      PlatformUnderTest platform, Alembic alembic, History history, PreviousRelease previous) {
    this.platform = platform;
    this.alembic = alembic;
    this.history = history;
    this.previous = previous;
  }

  /**
   * What they show.
   *
   * @param findings what answers well on the old schema and not on the new one
   * @param notProved why there is nothing to compare
   */
  record Proof(List<MigrationFinding> findings, Optional<String> notProved) {

    /** Copies. */
    Proof {
      findings = List.copyOf(findings);
    }
  }

  /** Asks it on both schemas. */
  Proof proof() {
    Database old = TargetDatabase.of(alembic, history, previous.added());
    try (DatabaseSession session = old.open()) {
      session.fill(new RowFiller());
    }
    Database migrated = alembic.bed().copy(old);
    if (!alembic.call(migrated, "upgrade", "head").succeeded()) {
      throw SlipwayException.refused(
          "`alembic upgrade head` fails on a database of the previous release.",
          "See the finding of the walk.");
    }
    // The new schema first: both share a Redis, in which good answers of the old one may stay.
    Map<String, Integer> after = new LinkedHashMap<>();
    String words = answers(migrated, after);
    Map<String, Integer> before = new LinkedHashMap<>();
    String wordsBefore = answers(old, before);
    if (before.values().stream().noneMatch(status -> status < 400)) {
      return new Proof(List.of(), Optional.of(nothing(before, wordsBefore)));
    }
    List<MigrationFinding> findings = new ArrayList<>();
    before.forEach(
        (path, status) -> {
          if (status < 400 && after.getOrDefault(path, 0) != status.intValue()) {
            findings.add(finding(path, status, after.getOrDefault(path, 0), words));
          }
        });
    return new Proof(findings, Optional.empty());
  }

  private String nothing(Map<String, Integer> before, String words) {
    return "the previous release, started as today's compose file says, "
        + (before.isEmpty() ? "gives no answer" : "answers nothing well")
        + " on its own schema, so that nothing can be compared with the new one. Its last words:\n"
        + words;
  }

  private MigrationFinding finding(String path, int before, int after, String words) {
    return previous.finding(
        path,
        "answers GET "
            + path
            + " with "
            + before
            + " on its own schema and "
            + (after == 0 ? "not at all" : "with " + after),
        "Its last words:\n" + words);
  }

  /** Asks for the health and for everything that its API offers without a parameter. */
  private String answers(Database database, Map<String, Integer> statuses) {
    try (StartedBackend backend = new StartedBackend(platform, previous.image(), database.name())) {
      backend.awaitAnswerOrEnd();
      List<String> paths = new ArrayList<>(List.of(platform.platform().health().path()));
      paths.addAll(offered(backend));
      for (String path : paths) {
        backend.get(path).ifPresent(answer -> statuses.put(path, answer.statusCode()));
      }
      return backend.lastWords();
    } catch (ContainerLaunchException ended) {
      return "It ended at once: " + ended.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static List<String> offered(StartedBackend backend) throws InterruptedException {
    List<String> paths = new ArrayList<>();
    for (String description : API_DESCRIPTIONS) {
      Optional<HttpResponse<String>> answer = backend.get(description);
      if (answer.isEmpty() || answer.get().statusCode() != 200) {
        continue;
      }
      JsonNode offered = Json.tree(answer.get().body()).path("paths");
      offered.properties().stream()
          .filter(path -> path.getValue().has("get") && !path.getKey().contains("{"))
          .forEach(path -> paths.add(path.getKey()));
    }
    return paths;
  }
}
