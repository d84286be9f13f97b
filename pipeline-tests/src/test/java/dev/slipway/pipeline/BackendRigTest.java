package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendRigTest {

  private static final List<String> SETTINGS = List.of("log_statement=mod");

  @Test
  void addsItsSettingsToThoseOfTheComposeFile() {
    assertThat(BackendRig.postgresCommand(Optional.empty(), SETTINGS))
        .startsWith("postgres", "-c", "fsync=off")
        .endsWith("-c", "log_statement=mod");
    assertThat(
            BackendRig.postgresCommand(
                Optional.of(List.of("postgres", "-c", "shared_preload_libraries=x")), SETTINGS))
        .startsWith("postgres", "-c", "shared_preload_libraries=x", "-c", "fsync=off")
        .endsWith("-c", "log_statement=mod");
    assertThat(
            BackendRig.postgresCommand(Optional.of(List.of("-c", "max_connections=9")), SETTINGS))
        .startsWith("-c", "max_connections=9", "-c", "fsync=off");
  }

  @Test
  void leavesAScriptInTheServersPlaceAsItIs() {
    List<String> script = List.of("sh", "-c", "exec docker-entrypoint.sh postgres");

    assertThat(BackendRig.postgresCommand(Optional.of(script), SETTINGS)).isEqualTo(script);
  }
}
