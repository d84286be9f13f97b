package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.process.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What killed runs left goes, and nothing else. */
@Tag("selftest")
class SweepIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final String PID = "dev.slipway.pid";
  private static final String HOST = "dev.slipway.host";

  private final String run = "slipway-sweep-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void leaveThings() throws Exception {
    String dead = deadProcess();
    leave("dead", Ephemeral.labels(), Map.of(PID, dead));
    leave("living", Ephemeral.labels(), Map.of());
    leave("elsewhere", Ephemeral.labels(), Map.of(PID, dead, HOST, "another-machine"));
    leave("kept", Map.of(), Map.of(PID, dead));
  }

  @AfterEach
  void removeThem() {
    for (String owner : List.of("dead", "living", "elsewhere", "kept")) {
      remove("rm", "--force", name(owner));
      remove("network", "rm", name(owner));
      remove("volume", "rm", name(owner));
    }
  }

  /** Of what the test itself has swept there is nothing to remove. */
  private static void remove(String... words) {
    new LocalProcess().run(ShellCommand.of("docker").with(words), DEADLINE);
  }

  @Test
  void removesWhatADeadRunLeftAndNothingElse() {
    assertThat(present()).hasSize(12);

    CommandResult foretold = sweep("--dry-run");
    assertThat(foretold.standardOutput()).contains("would remove volume " + name("dead"));
    assertThat(present()).hasSize(12);

    CommandResult swept = sweep();
    assertThat(swept.standardOutput()).contains("removed volume " + name("dead"));
    assertThat(present())
        .containsExactlyInAnyOrder(
            "container living",
            "container elsewhere",
            "container kept",
            "network living",
            "network elsewhere",
            "network kept",
            "volume living",
            "volume elsewhere",
            "volume kept");
  }

  private CommandResult sweep(String... arguments) {
    CommandResult result =
        new LocalProcess()
            .run(ShellCommand.of(ROOT.resolve("bin/sweep").toString()).with(arguments), DEADLINE);
    assertThat(result.succeeded()).withFailMessage(() -> result.tail(10)).isTrue();
    return result;
  }

  private static String deadProcess() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return String.valueOf(process.pid());
  }

  private void leave(String owner, Map<String, String> labels, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(labels);
    all.putAll(others);
    List<String> options = new ArrayList<>();
    all.forEach((key, value) -> options.addAll(List.of("--label", key + "=" + value)));
    succeed(ShellCommand.of("docker", "network", "create").with(options).with(name(owner)));
    succeed(ShellCommand.of("docker", "volume", "create").with(options).with(name(owner)));
    succeed(
        ShellCommand.of("docker", "create", "--name", name(owner))
            .with(options)
            .with("debian:12", "true"));
  }

  private List<String> present() {
    List<String> found = new ArrayList<>();
    names(found, "container", "ps", "--all", "--format", "{{.Names}}");
    names(found, "network", "network", "ls", "--format", "{{.Name}}");
    names(found, "volume", "volume", "ls", "--format", "{{.Name}}");
    return found;
  }

  private void names(List<String> found, String kind, String... listing) {
    succeed(ShellCommand.of("docker").with(listing))
        .standardOutput()
        .lines()
        .filter(name -> name.startsWith(run))
        .forEach(name -> found.add(kind + " " + name.substring(run.length() + 1)));
  }

  private String name(String owner) {
    return run + "-" + owner;
  }

  private static CommandResult succeed(ShellCommand command) {
    CommandResult result = new LocalProcess().run(command, DEADLINE);
    assertThat(result.succeeded())
        .withFailMessage(() -> command + " failed: " + result.tail(5))
        .isTrue();
    return result;
  }
}
