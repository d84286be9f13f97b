package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformFile;
import dev.slipway.platform.PlatformSource;
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
  void endsWithACodeOfItsOwnWhereDockerFails() {
    assertThat(refused("backend").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused("backend").what()).contains("of backend could not be read: Error: No such");
    assertThat(LogsCommand.ended(new CommandResult(0, "", ""), "backend", platform)).isZero();
  }
}
