package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnwellTest {

  private static final String FILE = "compose.yml";

  private static String ended(long status, boolean isJob) {
    return new Unwell(OptionalLong.of(status), "", isJob, FILE).why();
  }

  private static String unhealthy(String said) {
    return new Unwell(OptionalLong.empty(), said, false, FILE).why();
  }

  @Test
  void tellsHowAServiceEnded() {
    assertThat(ended(1, false)).isEqualTo("it ended with exit status 1, and has to go on");
    assertThat(ended(1, true)).isEqualTo("it ended with exit status 1, and had to end with 0");
    assertThat(ended(137, false)).contains("137, killed, such as for want of memory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OCI runtime exec failed: exec: \"wget\": executable file not found in $PATH: unknown",
        "/bin/sh: 1: wget: not found",
        "bash: line 1: wget: command not found",
        "stat /srv/health.sh: no such file or directory"
      })
  void tellsAHealthCheckThatCallsWhatIsNotThere(String said) {
    assertThat(unhealthy(said))
        .isEqualTo(
            "let its health check in compose.yml call what its image has; it last said: " + said);
  }

  @Test
  void showsWhatAHealthCheckSaid() {
    assertThat(unhealthy("curl: (22) The requested URL returned error: 404\n"))
        .isEqualTo(
            "compare its health check in compose.yml with what it listens on and answers;"
                + " it last said: curl: (22) The requested URL returned error: 404");
    assertThat(unhealthy("")).endsWith("listens on and answers");
  }
}
