package dev.slipway.effect.http;

import java.net.URI;
import java.util.Optional;

/**
 * What came back.
 *
 * @param status the HTTP status
 * @param contentType what the body is, as its header says; empty when it does not
 * @param body the text of the body
 * @param elsewhere where a redirect leads that was not followed
 * @param from where it was found, which is elsewhere than was asked after redirects; empty: not
 *     told
 */
public record HttpAnswer(
    int status, String contentType, String body, Optional<URI> elsewhere, Optional<URI> from) {

  /** An answer that leads nowhere else and does not say what it is. */
  public HttpAnswer(int status, String body) {
    this(status, "", body, Optional.empty(), Optional.empty());
  }
}
