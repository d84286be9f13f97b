package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Json;
import dev.slipway.WaitingClock;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.DeploymentBench;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.deploy.server.Server;
import dev.slipway.health.HealthGate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What ends the wait for a new container that is not well. */
class ProofTest {

  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final List<String> lines = new ArrayList<>();
  private final List<Instance> looks = new ArrayList<>();

  private static Instance container(String state, String health, int restarts) {
    return new Instance(
        Json.tree(
            """
            {"Id": "next", "RestartCount": %d, "State": {"Status": "%s", "Health": {"Status": "%s",
              "Log": [{"Output": "the check's words\\n"}]}},
             "Config": {"Labels": {"com.docker.compose.service": "backend"}}}
            """
                .formatted(restarts, state, health)));
  }

  private final class Looked implements Server {

    @Override
    public String name() {
      return "deploy@pretended";
    }

    @Override
    public boolean allowsTunnel(String host, int remotePort) {
      return true;
    }

    @Override
    public Tunnel tunnel(String host, int remotePort) {
      throw new AssertionError("nobody asks for a version here");
    }

    @Override
    public Offer offer(int localPort) {
      throw new AssertionError("nobody sends an image here");
    }

    @Override
    public CommandResult run(ShellCommand command, Duration deadline, Consumer<String> output) {
      if (!command.toString().contains("inspect")) {
        return new CommandResult(0, "its words\n", "");
      }
      Instance now = looks.size() > 1 ? looks.remove(0) : looks.get(0);
      return new CommandResult(0, "[" + Json.line(now.told()) + "]", "");
    }
  }

  private void awaitHealthy(Instance... told) {
    looks.addAll(List.of(told));
    HostCommands commands = new HostCommands("/opt/platform-v2");
    Server server = new Looked();
    new Proof(
            server,
            DeploymentBench.platform(DeploymentBench.COMPOSE),
            new SwapCommands(commands),
            new Instances(server, commands, "platform-v2"),
            new HealthGate("version", 3, Duration.ofSeconds(10), clock, clock),
            new DeployLog(lines::add, new Redaction(List.of())),
            clock,
            clock)
        .awaitHealthy(List.of(looks.remove(0)));
  }

  @Test
  void waitsForOneThatStartsAndWasStartedAgainOnce() {
    awaitHealthy(
        container("created", "starting", 0),
        container("restarting", "unhealthy", 1),
        container("running", "starting", 1),
        container("running", "healthy", 1));

    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofMillis(900));
  }

  @Test
  void endsAtOnceWithOneThatHasEnded() {
    assertThatThrownBy(
            () ->
                awaitHealthy(
                    container("running", "starting", 0), container("exited", "starting", 0)))
        .hasMessage("The new container of backend has ended.");
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofMillis(300));
    assertThat(lines).contains("The last lines of backend:", "      its words");
  }

  @Test
  void endsAtOnceWithOneThatCallsItselfUnhealthyAndShowsItsCheck() {
    assertThatThrownBy(
            () ->
                awaitHealthy(
                    container("running", "starting", 0), container("running", "unhealthy", 0)))
        .hasMessage("The new container of backend is unhealthy by its own health check.");
    assertThat(lines)
        .contains("The last words of the health check of backend:", "      the check's words");
  }
}
