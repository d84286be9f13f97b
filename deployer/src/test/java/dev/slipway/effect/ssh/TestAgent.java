package dev.slipway.effect.ssh;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;

/** A real ssh-agent with some keys. */
public final class TestAgent implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final Path socket;
  private final String process;

  private TestAgent(Path socket, String process) {
    this.socket = socket;
    this.process = process;
  }

  /** Starts an agent that listens there, and adds the keys to it, in this order. */
  public static TestAgent start(Path socket, Path... keys) {
    String said = run(ShellCommand.of("ssh-agent", "-a", socket.toString()));
    String process = said.replaceFirst("(?s).*SSH_AGENT_PID=(\\d+).*", "$1");
    TestAgent agent = new TestAgent(socket, process);
    for (Path key : keys) {
      run(
          ShellCommand.of("ssh-add", "-q", key.toString())
              .withVariable("SSH_AUTH_SOCK", socket.toString()));
    }
    return agent;
  }

  /** What SSH_AUTH_SOCK would be. */
  public String socket() {
    return socket.toString();
  }

  private static String run(ShellCommand command) {
    CommandResult result = new LocalProcess().run(command, DEADLINE);
    if (!result.succeeded()) {
      throw new AssertionError(command + ": " + result.tail(5));
    }
    return result.standardOutput();
  }

  @Override
  public void close() {
    run(ShellCommand.of("kill", process));
  }
}
