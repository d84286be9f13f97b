package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.doctor.Preflight;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  @Test
  void keepsTheLinesOfAFindingTogetherAtOneMargin() {
    Preflight.Line finding =
        new Preflight.Line(
            "platform", "slipway.yml:\n- line 1: naem\n- line 2: folder", Optional.of("Mend it."));

    assertThat(DoctorCommand.text(finding))
        .isEqualTo(
            """
            BAD  platform   slipway.yml:
                            - line 1: naem
                            - line 2: folder
                            Mend it.\
            """);
    assertThat(DoctorCommand.text(new Preflight.Line("ssh", "me@there", Optional.empty())))
        .isEqualTo("ok   ssh        me@there");
  }
}
