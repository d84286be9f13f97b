package dev.slipway.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.HostCommands;
import dev.slipway.deploy.doctor.Preflight.Line;
import dev.slipway.deploy.server.SshServer;
import dev.slipway.effect.ssh.TestKeys;
import dev.slipway.platform.Transfer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What preflight says of a real sshd. */
@Tag("deploy")
@Timeout(240)
class PreflightIT {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"yes, true", "local, true", "remote, false", "no, false"})
  void findsOutOverTheOneConnectionWhetherPortsMayBeForwarded(String value, boolean well) {
    TestKeys.generate(folder, "key", "", "-t", "ed25519");
    HostCommands commands = new HostCommands("/opt/platform-v2");
    try (var machine =
            new dev.slipway.effect.ssh.SshServer(folder)
                .with("AllowTcpForwarding=" + value)
                .start("key");
        SshServer server = SshServer.of("bash", machine.open("bash", "key"), commands)) {
      Preflight preflight =
          new Preflight(
              server,
              commands,
              Optional.empty(),
              Clock.systemUTC(),
              Transfer.REGISTRY,
              () -> server.allowsTunnel("127.0.0.1", 80));

      Line line =
          preflight.machine().stream()
              .filter(each -> each.name().equals("forwarding"))
              .findFirst()
              .orElseThrow();

      assertThat(line.fix().isEmpty()).as(line.toString()).isEqualTo(well);
      SlipwayException refused =
          catchThrowableOfType(
              SlipwayException.class, () -> Preflight.require(preflight.machine()));
      assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refused.what().contains("forwarding: its SSH server forbids it")).isEqualTo(!well);
      assertThat(machine.logins()).isEqualTo(1);
    }
  }
}
