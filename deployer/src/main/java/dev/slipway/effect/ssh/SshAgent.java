package dev.slipway.effect.ssh;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.SSHAgentConnector;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Vector;
import java.util.stream.Collectors;

/**
 * An ssh-agent, which signs with the keys that were added to it and never hands them out.
 *
 * @param socket where it listens, as {@code SSH_AUTH_SOCK} says
 * @param keys the public halves of its keys, in the order in which they are offered
 */
public record SshAgent(Path socket, List<PublicKey> keys) implements SshIdentity {

  /** Copies. */
  public SshAgent {
    keys = List.copyOf(keys);
  }

  /**
   * Asks an agent for its keys.
   *
   * @throws SlipwayException when nobody answers there in time, or the agent has no key
   */
  public static SshAgent at(String socket) {
    Path path = Path.of(socket);
    List<PublicKey> keys =
        repository(path).getIdentities().stream()
            .map(identity -> PublicKey.of(identity.getPublicKeyBlob()))
            .toList();
    if (keys.isEmpty()) {
      throw SlipwayException.refused(
          "The ssh-agent that SSH_AUTH_SOCK names, " + socket + ", has no key or does not answer.",
          "Add the deploying account's key to it, `ssh-add KEY-FILE`, or set PROD_SSH_KEY.");
    }
    return new SshAgent(path, keys);
  }

  /**
   * The same agent, of whose keys this one is offered before the others if it is among them:
   * servers take only so many tries.
   */
  public SshAgent offeringFirst(PublicKey key) {
    Comparator<PublicKey> order = Comparator.comparing(each -> !each.equals(key));
    return new SshAgent(socket, keys.stream().sorted(order).toList());
  }

  private static AgentIdentityRepository repository(Path socket) {
    return repository(socket, List.of());
  }

  /** Its keys, those first that are named, in this order. */
  private static AgentIdentityRepository repository(Path socket, List<PublicKey> order) {
    try {
      return new AgentIdentityRepository(
          new TimedAgentConnector(new SSHAgentConnector(socket), socket)) {
        @Override
        public Vector<Identity> getIdentities() {
          Vector<Identity> identities = super.getIdentities();
          identities.sort(
              Comparator.comparing(
                  each -> {
                    int place = order.indexOf(PublicKey.of(each.getPublicKeyBlob()));
                    return place < 0 ? order.size() : place;
                  }));
          return identities;
        }
      };
    } catch (AgentProxyException impossible) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          "This machine cannot speak to an ssh-agent: " + impossible.getMessage() + ".",
          "Set PROD_SSH_KEY instead.",
          impossible);
    }
  }

  @Override
  public void offerTo(JSch library) {
    library.setIdentityRepository(repository(socket, keys));
  }

  @Override
  public String described() {
    return "any key of the ssh-agent: "
        + keys.stream().map(PublicKey::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String authorizedKey() {
    return keys.get(0).line();
  }
}
