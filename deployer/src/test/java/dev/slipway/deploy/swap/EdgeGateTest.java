package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.WaitingClock;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Remote;
import dev.slipway.plan.EdgeState;
import dev.slipway.plan.EdgeState.LiteralUpstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the edge is kept from, and for how long. */
class EdgeGateTest {

  private static final String NETWORKS =
      """
      [{"Containers": {"one": {"IPv4Address": "172.18.0.4/16"}, "two": {"IPv4Address": ""}},
        "IPAM": {"Config": [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"},
                            {"Subnet": "fd00::/64", "Gateway": "fd00::1"}]}}]
      """;

  private final SwapCommands commands = new SwapCommands(new HostCommands("/opt/platform-v2"));
  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final List<ShellCommand> ran = new ArrayList<>();
  private final List<String> workers = new ArrayList<>(List.of("7"));
  private final Instance edge = container("edge", "{\"shop\": {\"IPAddress\": \"172.18.0.2\"}}");

  private static Instance container(String id, String networks) {
    return new Instance(
        Json.tree(
            "{\"Id\": \"%1$s\", \"Name\": \"/%1$s\", \"Image\": \"sha256:%1$s\", \"NetworkSettings\": {\"Networks\": %2$s}}"
                .formatted(id, networks)));
  }

  private EdgeGate gate(List<LiteralUpstream> literals, Duration memory, boolean refuses) {
    EdgeState state = new EdgeState(literals, memory, refuses, false, Optional.empty());
    Remote remote = new Remote((command, deadline, lines) -> answer(command));
    return new EdgeGate(remote, commands, edge, state, clock, clock);
  }

  private EdgeGate gate() {
    return gate(List.of(), Duration.ofSeconds(1), true);
  }

  /** The workers of the first look are there until the next one, and so on. */
  private CommandResult answer(ShellCommand command) {
    ran.add(command);
    if (command.equals(commands.networks(List.of("shop")))) {
      return new CommandResult(0, NETWORKS, "");
    }
    if (!command.equals(commands.processes("edge"))) {
      return new CommandResult(0, "", "");
    }
    String now = workers.size() > 1 ? workers.remove(0) : workers.get(0);
    StringBuilder processes = new StringBuilder("PID COMMAND\n1 nginx: master process\n");
    for (String worker : now.split(" ", -1)) {
      processes.append(worker).append(" nginx: worker process\n");
    }
    return new CommandResult(0, processes.toString(), "");
  }

  private String rules() {
    return ran.get(ran.size() - 1).input().map(Secret::reveal).orElse("none");
  }

  @Test
  void waitsUntilItMustHaveLookedUpWhoWasStarted() {
    gate().awaitKnown(start);
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(2));

    gate().awaitKnown(start);
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(2));
  }

  @Test
  void admitsWhoIsThereAndRefusesWhoeverComes() {
    gate().admitNoNewcomers();

    assertThat(rules())
        .isEqualTo(
            """
            *filter
            :SLIPWAY - [0:0]
            -A SLIPWAY -d 172.18.0.4 -j RETURN
            -A SLIPWAY -d 172.18.0.1 -j RETURN
            -A SLIPWAY -d 172.18.0.0/16 -p tcp --syn -j REJECT --reject-with tcp-reset
            COMMIT
            """);
  }

  @Test
  void refusesAddressesOfTheEdgesOwnNetworksAlone() {
    gate()
        .refuse(
            List.of(
                container(
                    "backend",
                    "{\"shop\": {\"IPAddress\": \"172.18.0.9\"}, \"inner\": {\"IPAddress\":"
                        + " \"172.19.0.9\"}}")));

    assertThat(rules()).contains("172.18.0.9").doesNotContain("172.19.0.9");
  }

  @Test
  void changesNothingWhereNobodyCanRefuse() {
    EdgeGate open = gate(List.of(), Duration.ofSeconds(1), false);

    open.admitNoNewcomers();
    open.refuse(List.of(container("backend", "{\"shop\": {\"IPAddress\": \"172.18.0.9\"}}")));
    open.turnFrom(List.of(container("backend", "{\"shop\": {\"IPAddress\": \"172.18.0.9\"}}")));
    open.admitAll();

    assertThat(ran).isEmpty();
  }

  @Test
  void waitsUntilTheEdgeHasForgottenWhoIsGone() {
    gate().admitAllWhenForgotten(start);
    assertThat(ran)
        .containsExactly(commands.acceptAll("edge", "sha256:edge", Duration.ofSeconds(2)));

    ran.clear();
    clock.accept(Duration.ofMinutes(1));
    gate().admitAllWhenForgotten(start);
    assertThat(ran).containsExactly(commands.acceptAll("edge", "sha256:edge", Duration.ZERO));
  }

  @Test
  void waitsUntilTheWorkersOfBeforeAreGone() {
    workers.clear();
    workers.addAll(List.of("7 8", "7 8", "8 9", "9"));

    assertThat(gate().lookAgain(Duration.ofSeconds(30))).isTrue();

    assertThat(workers).containsExactly("9");
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void isLoadedThoughAWorkerOfBeforeStaysAndNotWithoutANewOne() {
    workers.clear();
    workers.addAll(List.of("7", "7 9"));
    assertThat(gate().lookAgain(Duration.ofSeconds(30))).isTrue();
    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(30));

    workers.clear();
    workers.add("7");
    assertThat(gate().lookAgain(Duration.ofSeconds(30))).isFalse();
  }
}
