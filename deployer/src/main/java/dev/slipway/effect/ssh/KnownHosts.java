package dev.slipway.effect.ssh;

import dev.slipway.SlipwayException;
import java.util.ArrayList;
import java.util.List;

/**
 * The host keys that a person has confirmed, as a {@code known_hosts} file has them.
 *
 * @see <a href="https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT">sshd(8)</a>
 */
public final class KnownHosts {

  /** What the recorded keys say about a key that a server shows. */
  enum Verdict {
    KNOWN,
    REVOKED,
    CHANGED,
    UNKNOWN_HOST
  }

  private static final String VARIABLE = "PROD_SSH_KNOWN_HOSTS";

  private final List<KnownHost> entries;

  private KnownHosts(List<KnownHost> entries) {
    this.entries = List.copyOf(entries);
  }

  /** No key was confirmed yet: every connection is refused, and says which key the server shows. */
  public static KnownHosts none() {
    return new KnownHosts(List.of());
  }

  /**
   * Reads lines of {@code known_hosts}.
   *
   * @param textOrPath the lines themselves or the path of a file with them
   * @throws SlipwayException naming the first line that cannot be read
   */
  public static KnownHosts parse(String textOrPath) {
    List<KnownHost> entries = new ArrayList<>();
    int number = 0;
    for (String line : VariableText.resolve(VARIABLE, textOrPath).lines().toList()) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      try {
        entries.add(KnownHost.parse(text));
      } catch (IllegalArgumentException unreadable) {
        throw SlipwayException.refused(
            VARIABLE + ", line " + number + ": " + unreadable.getMessage() + ".",
            "Each line is a host name, a key type and a key, as ssh-keyscan prints them.");
      }
    }
    return new KnownHosts(entries);
  }

  /** Whether no key is recorded for any host. */
  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The keys recorded for a host; for one on another port, else those of the host alone. */
  List<PublicKey> keysOf(SshTarget target) {
    return keysOf(target, KnownHost.Marker.NONE);
  }

  /** Judges the key that a server shows. */
  Verdict judge(SshTarget target, PublicKey shown) {
    if (keysOf(target, KnownHost.Marker.REVOKED).contains(shown)) {
      return Verdict.REVOKED;
    }
    List<PublicKey> recorded = keysOf(target);
    if (recorded.isEmpty()) {
      return Verdict.UNKNOWN_HOST;
    }
    return recorded.contains(shown) ? Verdict.KNOWN : Verdict.CHANGED;
  }

  private List<PublicKey> keysOf(SshTarget target, KnownHost.Marker marker) {
    List<PublicKey> keys = keysNamed(target.knownHostsName(), marker);
    // As OpenSSH: without a record for [host]:port, the record of the host counts.
    return keys.isEmpty() || marker == KnownHost.Marker.REVOKED
        ? concat(keys, keysNamed(target.host(), marker))
        : keys;
  }

  private List<PublicKey> keysNamed(String name, KnownHost.Marker marker) {
    return entries.stream()
        .filter(entry -> entry.marker() == marker && entry.matches(name))
        .map(KnownHost::key)
        .toList();
  }

  private static List<PublicKey> concat(List<PublicKey> first, List<PublicKey> second) {
    List<PublicKey> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
