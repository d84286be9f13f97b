package dev.slipway.deploy.log;

import dev.slipway.Secret;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes out of every text what nobody may read; what that is, is partly learnt on the way. */
public final class Redaction {

  private final Set<Secret> secrets = new LinkedHashSet<>();
  private @Nullable List<String> spellings;

  /** A redaction of the secrets that are known from the start. */
  public Redaction(List<Secret> secrets) {
    add(secrets);
  }

  /** Takes these out from now on, too. */
  synchronized void add(List<Secret> more) {
    if (secrets.addAll(more)) {
      spellings = null;
    }
  }

  /** The text without any secret; the longest go first, since one may contain another. */
  public String apply(String text) {
    String redacted = text;
    for (String spelling : spellings()) {
      redacted = redacted.replace(spelling, Secret.REDACTED);
    }
    return redacted;
  }

  /** Made for the first text, since that comes after the first byte to the server. */
  private synchronized List<String> spellings() {
    List<String> known = spellings;
    if (known == null) {
      known =
          secrets.stream()
              .flatMap(secret -> secret.spellings().stream())
              .distinct()
              .sorted(Comparator.comparingInt(String::length).reversed())
              .toList();
      spellings = known;
    }
    return known;
  }
}
