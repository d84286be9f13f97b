package dev.slipway.deploy.report;

import dev.slipway.ExitCode;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.release.ReleaseManifest;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a deployment or rollback ended.
 *
 * @param platform the platform's name
 * @param release what was to serve, as far as it came to be known
 * @param code how it ended
 * @param reason what went wrong first, secrets taken out
 * @param by who asked
 * @param took how long it took
 * @param environment the platform's public address
 */
public record DeployOutcome(
    String platform,
    Action action,
    Optional<ReleaseManifest> release,
    ExitCode code,
    Optional<String> reason,
    String by,
    Duration took,
    Optional<URI> environment) {

  /** Leaves the login out of the address, which only who asks for the platform's health needs. */
  public DeployOutcome {
    environment = environment.map(DeployOutcome::withoutLogin);
  }

  private static URI withoutLogin(URI address) {
    return address.getRawUserInfo() == null
        ? address
        : URI.create(address.toString().replaceFirst("://[^/?#]*@", "://"));
  }

  /** Whether what was asked for serves, completely or not. */
  boolean serves() {
    return code == ExitCode.SUCCESS || code == ExitCode.SERVING_INCOMPLETE;
  }

  /** One sentence. */
  String headline() {
    String commit =
        release
            .map(ReleaseManifest::briefCommit)
            .orElse(action == Action.ROLLBACK ? "The rollback" : "The deployment");
    return switch (code) {
      case SUCCESS -> commit + " serves";
      case SERVING_INCOMPLETE -> commit + " serves, but not complete";
      case FAILED_OLD_VERSION_SERVING -> commit + " failed, the old version serves";
      case ROLLED_BACK -> commit + " was rolled back";
      case ROLLED_BACK_SCHEMA_MOVED -> commit + " was rolled back, on a newer schema";
      case REFUSED -> commit + " was refused";
      case LOCKED -> commit + " was refused: the server is locked";
      default -> commit + " left the server in an unknown state";
    };
  }

  private Optional<String> version() {
    return release.flatMap(ReleaseManifest::version);
  }

  /**
   * Lines for GitLab's dotenv report, which knows neither quotes nor line feeds.
   *
   * @see <a href="https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv">its
   *     form</a>
   */
  public String dotenv() {
    StringBuilder lines = new StringBuilder();
    release
        .map(ReleaseManifest::commit)
        .ifPresent(
            commit -> {
              lines.append("SLIPWAY_COMMIT=" + commit + "\n");
              // The name of old.
              lines.append("SLIPWAY_RELEASE=" + commit + "\n");
            });
    version().ifPresent(version -> lines.append("SLIPWAY_VERSION=" + version + "\n"));
    lines.append("SLIPWAY_OUTCOME=").append(code).append('\n');
    environment.ifPresent(url -> lines.append("SLIPWAY_ENVIRONMENT_URL=" + url + "\n"));
    return lines.toString();
  }

  /**
   * A text in which a chat finds no link and no mention.
   *
   * @see <a href="https://docs.slack.dev/messaging/formatting-message-text/#escaping">the rule</a>
   */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /**
   * What is sent to a chat: {@code text} for those that know nothing else, and the same in fields.
   */
  Map<String, Object> message() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(
        "text",
        escaped(
            platform
                + ": "
                + headline()
                + String.format(
                    Locale.ROOT, " (%s by %s, %.1f s)", action, by, took.toMillis() / 1000.0)
                + reason.map(why -> "\n" + why).orElse("")
                + environment.map(url -> "\n" + url).orElse("")));
    fields.put("platform", platform);
    fields.put("action", action);
    fields.put("outcome", code);
    fields.put("exitCode", code.status());
    fields.put("commit", release.map(ReleaseManifest::commit));
    fields.put("version", version());
    fields.put("by", by);
    fields.put("seconds", took.toSeconds());
    fields.put("reason", reason);
    fields.put("environment", environment);
    return fields;
  }
}
