package dev.slipway.deploy.report;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.effect.http.HttpDoor;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells a webhook how a deployment ended.
 *
 * @see <a href="https://api.slack.com/messaging/webhooks">the form that chats agree on</a>
 */
public final class Notification {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private Notification() {}

  /**
   * Sends the message; an address that cannot be told so is no reason to call a deployment failed.
   *
   * @param address the webhook's address, which whoever knows it may write to
   * @return why it was not received, without the address; empty when it was
   */
  public static Optional<String> send(Secret address, DeployOutcome outcome) {
    try {
      URI uri = URI.create(address.reveal().strip());
      if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
        return Optional.of("SLIPWAY_WEBHOOK_URL is no http or https address");
      }
      HttpAnswer answer = new HttpDoor().post(uri, Json.line(outcome.message()), DEADLINE);
      return answer.status() / 100 == 2
          ? Optional.empty()
          : Optional.of("the webhook answered with " + answer.status());
    } catch (IllegalArgumentException unreadable) {
      return Optional.of("SLIPWAY_WEBHOOK_URL is no http or https address");
    } catch (IOException | SlipwayException unreached) {
      return Optional.of(
          "the webhook was not reached (" + unreached.getClass().getSimpleName() + ")");
    }
  }
}
