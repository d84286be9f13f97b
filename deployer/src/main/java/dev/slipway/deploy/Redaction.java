package dev.slipway.deploy;

import dev.slipway.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes out of every text what nobody may read; what that is, is partly learnt on the way. */
public final class Redaction {

  private static final Comparator<Secret> LONGEST_FIRST =
      Comparator.comparingInt((Secret secret) -> secret.reveal().length()).reversed();

  private volatile List<Secret> secrets;

  /** A redaction of the secrets that are known from the start. */
  public Redaction(List<Secret> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  /** Takes these out from now on, too. */
  synchronized void add(List<Secret> more) {
    secrets =
        Stream.concat(secrets.stream(), more.stream()).distinct().sorted(LONGEST_FIRST).toList();
  }

  /** The text without any secret; the longest go first, since one may contain another. */
  public String apply(String text) {
    String redacted = text;
    for (Secret secret : secrets) {
      redacted = secret.redact(redacted);
    }
    return redacted;
  }
}
