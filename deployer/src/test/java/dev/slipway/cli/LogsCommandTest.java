package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformFile;
import dev.slipway.platform.PlatformSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogsCommandTest {

  private static final CommandResult FAILED =
      new CommandResult(14, "", "Error: No such service: bakcend");

  private final Platform platform =
      PlatformFile.parse(
          PlatformSource.of(
              Map.of(
                  "docker-compose.prod.yml",
                  "services: {backend: {image: b}, nginx: {image: n}}",
                  "slipway.yml",
                  "services: {frontend: none, postgres: none, redis: none}",
                  "backend/Dockerfile",
                  "",
                  "backend/alembic.ini",
                  "",
                  "nginx/Dockerfile",
                  "")),
          Map.of());

  private SlipwayException refused(String service) {
    return catchThrowableOfType(
        SlipwayException.class, () -> LogsCommand.ended(FAILED, service, platform));
  }

  @Test
  void namesTheServicesWhenOneIsNotThere() {
    assertThat(refused("bakcend").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused("bakcend").what()).isEqualTo("There is no service 'bakcend'.");
    assertThat(refused("bakcend").advice()).isEqualTo("The services are: backend, nginx.");
  }

  @Test
  void isDoneWhenASignalEndsWhatItFollows() {
    Shell interrupted =
        (command, deadline, lines) -> {
          Thread.currentThread().interrupt();
          throw new SlipwayException(ExitCode.UNKNOWN_STATE, "It was interrupted.", "");
        };

    assertThat(
            LogsCommand.following(interrupted, ShellCommand.of("logs"), line -> {}, () -> false)
                .succeeded())
        .isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void followsNoLongerThanSomebodyReads() {
    List<String> read = new ArrayList<>();
    Shell endless =
        (command, deadline, lines) -> {
          assertThat(deadline).isGreaterThan(Duration.ofDays(300));
          while (!Thread.currentThread().isInterrupted()) {
            lines.accept("a line");
          }
          throw new SlipwayException(ExitCode.UNKNOWN_STATE, "It was interrupted.", "");
        };

    LogsCommand.following(endless, ShellCommand.of("logs"), read::add, () -> read.size() == 2);

    assertThat(read).hasSize(2);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void failsWhenTheConnectionIsLostMeanwhile() {
    Shell lost =
        (command, deadline, lines) -> {
          throw new SlipwayException(ExitCode.UNKNOWN_STATE, "It was lost.", "");
        };

    assertThatThrownBy(
            () -> LogsCommand.following(lost, ShellCommand.of("logs"), line -> {}, () -> false))
        .hasMessage("It was lost.");
  }

  @Test
  void endsWithACodeOfItsOwnWhereDockerFails() {
    assertThat(refused("backend").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused("backend").what()).contains("of backend could not be read: Error: No such");
    assertThat(LogsCommand.ended(new CommandResult(0, "", ""), "backend", platform)).isZero();
  }
}
