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
   * @param textOrPath the lines themselves, their base64, or the path of a file with either
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

  /**
   * The keys recorded for a host; as with OpenSSH, a host on another port that has no record of its
   * own is judged by the record of the host alone.
   */
  List<PublicKey> keysOf(SshTarget target) {
    List<PublicKey> keys = keys(KnownHost.Marker.NONE, target.knownHostsName());
    return keys.isEmpty() ? keys(KnownHost.Marker.NONE, target.host()) : keys;
  }

  /** Judges the key that a server shows. */
  Verdict judge(SshTarget target, PublicKey shown) {
    if (isRevoked(shown, target.knownHostsName()) || isRevoked(shown, target.host())) {
      return Verdict.REVOKED;
    }
    List<PublicKey> recorded = keysOf(target);
    if (recorded.isEmpty()) {
      return Verdict.UNKNOWN_HOST;
    }
    return recorded.contains(shown) ? Verdict.KNOWN : Verdict.CHANGED;
  }

  private boolean isRevoked(PublicKey key, String name) {
    return keys(KnownHost.Marker.REVOKED, name).contains(key);
  }

  private List<PublicKey> keys(KnownHost.Marker marker, String name) {
    return entries.stream()
        .filter(entry -> entry.marker() == marker && entry.matches(name))
        .map(KnownHost::key)
        .toList();
  }
}
