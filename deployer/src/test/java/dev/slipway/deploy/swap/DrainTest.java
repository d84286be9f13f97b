package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.WaitingClock;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.deploy.server.Remote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long an old container may finish. */
class DrainTest {

  private static final String QUIET = "  sl  local_address rem_address   st\n";
  private static final String OPEN =
      QUIET + "   0: 00000000:1F40 00000000:0000 0A\n" + "   1: 040012AC:1F40 050012AC:D431 01\n";

  private final HostCommands commands = new HostCommands("/opt/platform-v2");
  private final SwapCommands swaps = new SwapCommands(commands);
  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final List<String> lines = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();
  private String state = "running";

  private CommandResult answer(ShellCommand command) {
    if (command.equals(commands.inspect("container", List.of("old")))) {
      return new CommandResult(0, "[" + Json.line(container().told()) + "]", "");
    }
    if (command.equals(swaps.connections("old", "edge"))) {
      return new CommandResult(1, "", "no cat there either");
    }
    return new CommandResult(0, tables.size() > 1 ? tables.remove(0) : tables.get(0), "");
  }

  private Instance container() {
    return new Instance(Json.tree("{\"Id\": \"old\", \"State\": {\"Status\": \"" + state + "\"}}"));
  }

  private Duration drained(String... looks) {
    tables.addAll(List.of(looks));
    Remote remote = new Remote((command, deadline, output) -> answer(command));
    new Drain(
            remote,
            swaps,
            new Instances(remote.shell(), commands, "platform-v2"),
            new DeployLog(lines::add, new Redaction(List.of())),
            clock,
            clock)
        .await(List.of(container()), "edge");
    return Duration.between(start, clock.instant());
  }

  @Test
  void endsWithTheSecondLookInARowThatFindsNoConnection() {
    assertThat(drained(OPEN, QUIET, OPEN, QUIET, QUIET, OPEN)).isEqualTo(Duration.ofMillis(800));

    assertThat(tables).containsExactly(OPEN);
    assertThat(lines)
        .containsExactly(
            "      the containers that go get no new requests, and finish 1 connections",
            "      the containers that go get no new requests, and finish 1 connections",
            "      they have finished after 0.8 s");
  }

  @Test
  void endsAfterThirtySecondsThoughSomebodyIsConnected() {
    assertThat(drained(OPEN)).isEqualTo(Duration.ofSeconds(30));

    assertThat(lines).last().asString().contains("1 connections are still open after 30.0 s");
  }

  @Test
  void waitsForNothingOfAContainerThatHasEnded() {
    state = "exited";

    assertThat(drained("")).isEqualTo(Duration.ofMillis(100));
  }
}
