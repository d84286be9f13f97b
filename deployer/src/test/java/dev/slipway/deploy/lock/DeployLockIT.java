package dev.slipway.deploy.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.HostCommands;
import dev.slipway.effect.ssh.SshConnection;
import dev.slipway.effect.ssh.SshServer;
import dev.slipway.effect.ssh.TestKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lock on a real sshd, which by default turns connections away when more than ten come at once.
 */
@Tag("deploy")
@Timeout(240)
class DeployLockIT {

  private static final int STARTS = 50;
  private static final HostCommands COMMANDS = new HostCommands("/home/bash/a platform");
  private static final String OWNER_FILE = "'/home/bash/a platform/.slipway/lock/owner'";

  @TempDir private static Path folder;
  @AutoClose private static SshServer server;

  @BeforeAll
  static void start() {
    TestKeys.generate(folder, "key", "", "-t", "ed25519");
    server = new SshServer(folder).start("key");
  }

  @BeforeEach
  void withoutALock() {
    server.inside(
        "rm -rf '/home/bash/a platform'; install -d -o bash '/home/bash/a platform/.slipway'");
  }

  @Test
  void givesTheLockToExactlyOneOfFiftyRunsThatStartInTheSameSecond() throws Exception {
    long before = server.logins();
    List<String> outcomes = startAll();

    List<String> winners = outcomes.stream().filter(each -> each.startsWith("run ")).toList();
    assertThat(winners).hasSize(1);
    assertThat(outcomes)
        .filteredOn(each -> !winners.contains(each))
        .hasSize(STARTS - 1)
        .allSatisfy(
            each ->
                assertThat(each)
                    .startsWith("LOCKED The server is locked by " + winners.get(0) + " ("));
    assertThat(server.logins() - before).isEqualTo(STARTS);
    assertThat(server.inside("test -e " + OWNER_FILE).getExitCode()).isNotZero();
  }

  @Test
  void givesTheLockOfADeadRunToExactlyOneOfFiftyRuns() throws Exception {
    leaveTheLockOfAKilledRun();
    age(Duration.ofSeconds(91));

    List<String> outcomes = startAll();

    assertThat(outcomes).filteredOn(each -> each.startsWith("run ")).hasSize(1);
    assertThat(outcomes).filteredOn(each -> each.startsWith("LOCKED ")).hasSize(STARTS - 1);
  }

  /** The winner holds the lock until everybody has asked. */
  private static List<String> startAll() throws Exception {
    CountDownLatch asked = new CountDownLatch(STARTS);
    ExecutorService threads = Executors.newFixedThreadPool(STARTS);
    try {
      List<Future<String>> starting =
          IntStream.range(0, STARTS)
              .mapToObj(number -> threads.submit(() -> start("run " + number, asked)))
              .toList();
      List<String> outcomes = new ArrayList<>();
      for (Future<String> start : starting) {
        outcomes.add(start.get());
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  private static String start(String name, CountDownLatch asked) throws InterruptedException {
    try (SshConnection connection = server.open("bash", "key")) {
      try (DeployLock lock = take(connection, owner(name))) {
        asked.countDown();
        asked.await();
        lock.requireHeld();
        return name;
      } catch (SlipwayException refused) {
        asked.countDown();
        return refused.exitCode() + " " + refused.what();
      }
    }
  }

  @Test
  void isTakenOverOnceAKilledRunWasSilentForTooLong() {
    leaveTheLockOfAKilledRun();
    age(Duration.ofSeconds(80));
    try (SshConnection connection = server.open("bash", "key")) {
      assertThatThrownBy(() -> take(connection, owner("ann")))
          .hasMessageMatching(
              "The server is locked by killed \\(tester, process 1 on here\\), who deploys c0ffee"
                  + " since 2026-01-01T00:00:00Z and was last heard of 8\\d s ago\\.");

      age(Duration.ofSeconds(91));
      List<LockHolder> dead = new ArrayList<>();
      DeployLock.take(connection, COMMANDS, owner("ann"), dead::add).close();
      assertThat(dead).extracting(holder -> holder.owner().by()).containsExactly("killed");
    }
  }

  @Test
  void givesSignsOfLifeWhileAStepTakesLong() {
    try (SshConnection connection = server.open("bash", "key");
        DeployLock lock = take(connection, owner("ann").living(Duration.ofMillis(900)))) {
      age(Duration.ofSeconds(1000));

      await().atMost(Duration.ofSeconds(20)).until(() -> silence() < 100);
      lock.requireHeld();
    }
  }

  @Test
  void noticesThatItsLockWasTakenAway() {
    try (SshConnection connection = server.open("bash", "key");
        DeployLock lock = take(connection, owner("ann"))) {
      server.inside("rm -rf '/home/bash/a platform/.slipway/lock'");

      assertThatThrownBy(lock::requireHeld)
          .hasMessageStartingWith("This run's lock was taken away meanwhile: ")
          .extracting(failure -> ((SlipwayException) failure).exitCode())
          .isEqualTo(ExitCode.UNKNOWN_STATE);
    }
  }

  /** A run whose process ends without a word: its connection is closed, and nothing given back. */
  @SuppressWarnings("MustBeClosedChecker")
  private static void leaveTheLockOfAKilledRun() {
    try (SshConnection connection = server.open("bash", "key")) {
      var unused = take(connection, owner("killed"));
    }
  }

  private static void age(Duration silence) {
    server.inside("touch -d '-" + silence.toSeconds() + " seconds' " + OWNER_FILE);
  }

  private static long silence() {
    return Long.parseLong(
        server
            .inside("echo $(($(date +%s) - $(stat -c %Y " + OWNER_FILE + ")))")
            .getStdout()
            .strip());
  }

  private static DeployLock take(SshConnection connection, DeployLock.Owner owner) {
    return DeployLock.take(connection, COMMANDS, owner, dead -> {});
  }

  private static DeployLock.Owner owner(String name) {
    return DeployLock.Owner.of(
        new Deployer(name, new Deployer.Origin("tester", "here", 1)),
        "c0ffee",
        Instant.parse("2026-01-01T00:00:00Z"));
  }
}
