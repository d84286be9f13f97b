package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/setup} says on machines that pretend to be fit or unfit. */
class SetupTest {

  private static final long GIB = 1024 * 1024 * 1024;

  /** An engine that answers what the variables say, and has the real image of every name. */
  private static final String ENGINE =
      """
      case "$1 $2" in
        'version --format') [ -n "$API" ] && echo "$API" ;;
        'info --format') echo "20.10.24 overlay2 $MEMORY $STORE" ;;
        'compose version') echo 2.26.1 ;;
        'image inspect') shift 4; for image in "$@"; do echo "$image sha256:$image  "; done ;;
        'context inspect') echo unix:///nowhere ;;
      esac""";

  @TempDir private Path folder;
  private Path programs = Path.of("");
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void aMachineThatIsFit() throws IOException {
    programs = Files.createDirectory(folder.resolve("programs"));
    Script.fake(programs, "docker", ENGINE);
    Script.fake(programs, "apt-get", "exit 100");
    diskOf(50 * GIB);
    variables.putAll(
        Map.of(
            "PATH",
            programs + ":" + System.getenv("PATH"),
            "TMPDIR",
            folder.toString(),
            "DOCKER_HOST",
            "unix:///nowhere",
            "API",
            "1.41",
            "MEMORY",
            String.valueOf(8 * GIB),
            "STORE",
            folder.toString()));
  }

  private void diskOf(long bytes) {
    Script.fake(
        programs, "df", "echo Filesystem; echo /dev/sda1 1 1 " + bytes / 1024 + " 1% " + folder);
  }

  private void expectFailure(String line, String fix) {
    Script setup = Script.run(variables, "bin/setup");

    assertThat(setup.text()).containsPattern("(?m)^FAILED {5}\\Q" + line + "\\E");
    assertThat(setup.text()).contains(line + "\n           " + fix);
    assertThat(setup.text()).endsWith("Not ready: see FAILED above, then bin/setup again.\n");
    assertThat(setup.status()).isEqualTo(1);
  }

  @Test
  void installsNothingWhereNothingIsMissingAndSaysSo() {
    Script setup = Script.run(variables, "bin/setup");

    assertThat(setup.status()).as(setup.text()).isZero();
    assertThat(setup.text())
        .contains("ok         tools: git, curl", "Docker Engine 20.10.24 (API 1.41, overlay2)")
        .contains("memory: 8.0 GiB", "disk: 50.0 GiB free", "postgres:15 real")
        .contains("s; nothing had to be installed.")
        .doesNotContain("FAILED", "installed  ");
  }

  @Test
  void printsNothingWhenAskedToBeQuietAndAllIsWell() {
    Script setup = Script.run(variables, "bin/setup", "--quiet");

    assertThat(setup.text()).isEmpty();
    assertThat(setup.status()).isZero();
  }

  @Test
  void failsWithoutAnEngine() {
    variables.put("API", "");
    expectFailure(
        "no Docker Engine answers at DOCKER_HOST=unix:///nowhere",
        "start that engine, or: unset DOCKER_HOST");
  }

  @Test
  void failsWithoutAnEngineForSomebodyWhoMayNotStartIt() {
    variables.put("API", "");
    variables.put("DOCKER_HOST", "");
    Script.fake(programs, "id", "echo 1000");
    Script.fake(programs, "uname", "echo Linux");
    Script setup = Script.run(variables, "bin/setup");

    assertThat(setup.status()).isEqualTo(1);
    assertThat(setup.text())
        .containsPattern(
            "FAILED     (no Docker Engine is running, and this is not root|the Docker Engine does not let 1000 in)")
        .containsPattern("sudo (systemctl start docker|usermod -aG docker 1000)");
  }

  @Test
  void failsWithAnEngineThatIsTooOld() {
    variables.put("API", "1.40");
    expectFailure(
        "Docker Engine 20.10.24 speaks API 1.40",
        "Slipway needs API 1.41: Docker Engine 20.10 or newer");
  }

  @Test
  void failsWithoutMemory() {
    variables.put("MEMORY", String.valueOf(2 * GIB));
    expectFailure("memory: the engine has 2.0 GiB", "at least 3 GiB are needed");
  }

  @Test
  void failsWithoutRoomOnTheDisk() {
    diskOf(GIB);
    expectFailure(
        "disk: 1.0 GiB free in " + folder, "at least 10 GiB are needed: docker system prune");
  }

  @Test
  void failsWhereNoPortCanBeOpened() {
    Script.fake(programs, "perl", "exit 1");
    expectFailure(
        "ports: no port on 127.0.0.1 can be listened on",
        "bring the loopback interface up: ip link set lo up");
  }

  @Test
  void failsWithAToolThatIsTooOld() {
    Script.fake(programs, "mvn", "echo Apache Maven 3.6.3");
    expectFailure("Maven 3.6.3: 3.8 or newer is needed", "apt-get install --yes maven");
  }
}
