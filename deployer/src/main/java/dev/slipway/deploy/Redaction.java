package dev.slipway.deploy;

import dev.slipway.Secret;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Takes out of every text what nobody may read; what that is, is partly learnt on the way. */
public final class Redaction {

  private volatile List<String> spellings = List.of();
  private final Set<Secret> secrets = new LinkedHashSet<>();

  /** A redaction of the secrets that are known from the start. */
  public Redaction(List<Secret> secrets) {
    add(secrets);
  }

  /** Takes these out from now on, too. */
  synchronized void add(List<Secret> more) {
    List<String> added =
        more.stream().filter(secrets::add).flatMap(secret -> secret.spellings().stream()).toList();
    spellings =
        Stream.concat(spellings.stream(), added.stream())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** The text without any secret; the longest go first, since one may contain another. */
  public String apply(String text) {
    String redacted = text;
    for (String spelling : spellings) {
      redacted = redacted.replace(spelling, Secret.REDACTED);
    }
    return redacted;
  }
}
