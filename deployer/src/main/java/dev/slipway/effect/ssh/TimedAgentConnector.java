package dev.slipway.effect.ssh;

import com.jcraft.jsch.AgentConnector;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Buffer;
import dev.slipway.DaemonThreads;
import dev.slipway.SlipwayException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An agent that is not waited for without end: not for its list of keys, nor for a signature, for
 * which it may have to ask a person first.
 */
final class TimedAgentConnector implements AgentConnector {

  /** A request without contents, as that for the list is one: its length and its type. */
  private static final int EMPTY_REQUEST = 5;

  private static final Duration LISTS_WITHIN = Duration.ofSeconds(5);
  private static final Duration SIGNS_WITHIN = Duration.ofSeconds(30);

  private final AgentConnector agent;
  private final Path socket;
  private final Duration listsWithin;
  private final Duration signsWithin;

  TimedAgentConnector(AgentConnector agent, Path socket) {
    this(agent, socket, LISTS_WITHIN, SIGNS_WITHIN);
  }

  TimedAgentConnector(
      AgentConnector agent, Path socket, Duration listsWithin, Duration signsWithin) {
    this.agent = agent;
    this.socket = socket;
    this.listsWithin = listsWithin;
    this.signsWithin = signsWithin;
  }

  @Override
  public String getName() {
    return agent.getName();
  }

  @Override
  public boolean isAvailable() {
    return agent.isAvailable();
  }

  @Override
  public void query(Buffer buffer) throws AgentProxyException {
    Duration patience = buffer.getLength() == EMPTY_REQUEST ? listsWithin : signsWithin;
    ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("ssh-agent"));
    try {
      Future<Buffer> answer =
          thread.submit(
              () -> {
                agent.query(buffer);
                return buffer;
              });
      Buffer unused = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException silent) {
      throw SlipwayException.refused(
          "The ssh-agent that SSH_AUTH_SOCK names, "
              + socket
              + ", did not answer within "
              + patience.toSeconds()
              + " s.",
          "Look whether it waits for somebody, start it again, or set PROD_SSH_KEY.");
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new AgentProxyException("interrupted", interrupt);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof AgentProxyException known) {
        throw known;
      }
      throw new AgentProxyException(String.valueOf(failure.getCause()), failure.getCause());
    } finally {
      // Interrupted, it gives up its socket.
      thread.shutdownNow();
    }
  }
}
