package dev.slipway.effect.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import dev.slipway.effect.ssh.KnownHosts.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * JSch's view of the known hosts; it keeps the key that the server showed, so that a refusal can
 * name it.
 */
final class HostKeyCheck implements HostKeyRepository {

  private static final List<String> ALGORITHMS =
      List.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "rsa-sha2-512",
          "rsa-sha2-256");

  private final SshTarget target;
  private final KnownHosts knownHosts;
  private volatile @Nullable PublicKey shown;

  HostKeyCheck(SshTarget target, KnownHosts knownHosts) {
    this.target = target;
    this.knownHosts = knownHosts;
  }

  /** The key that the server showed, once it has. */
  Optional<PublicKey> shown() {
    return Optional.ofNullable(shown);
  }

  /**
   * The algorithms to ask the server for, those of recorded keys first: a server shows one key
   * alone, and it should be one that can be verified.
   */
  String algorithms() {
    List<String> recorded = knownHosts.keysOf(target).stream().map(PublicKey::type).toList();
    return String.join(
        ",",
        Stream.concat(
                ALGORITHMS.stream().filter(each -> recorded.contains(keyType(each))),
                ALGORITHMS.stream().filter(each -> !recorded.contains(keyType(each))))
            .toList());
  }

  private static String keyType(String algorithm) {
    return algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm;
  }

  @Override
  public int check(String host, byte[] key) {
    PublicKey publicKey = PublicKey.of(key);
    shown = publicKey;
    Verdict verdict = knownHosts.judge(target, publicKey);
    return switch (verdict) {
      case KNOWN -> OK;
      case REVOKED, CHANGED -> CHANGED;
      case UNKNOWN_HOST -> NOT_INCLUDED;
    };
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return "PROD_SSH_KNOWN_HOSTS";
  }

  @Override
  public HostKey[] getHostKey() {
    return new HostKey[0];
  }

  @Override
  public HostKey[] getHostKey(String host, @Nullable String type) {
    return new HostKey[0];
  }

  @Override
  public void add(HostKey hostkey, @Nullable UserInfo ui) {
    throw new UnsupportedOperationException("no host key is ever added");
  }

  @Override
  public void remove(String host, @Nullable String type) {
    throw new UnsupportedOperationException("no host key is ever removed");
  }

  @Override
  public void remove(String host, @Nullable String type, byte @Nullable [] key) {
    throw new UnsupportedOperationException("no host key is ever removed");
  }
}
