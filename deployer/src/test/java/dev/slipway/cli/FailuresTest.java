package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();

  private int tell(StepDisplay.Look look, String... arguments) {
    return new Failures(print(out), print(error), look, new Redaction(List.of()), arguments)
        .tell(new SlipwayException(ExitCode.LOCKED, "It is locked.", "Wait."));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void tellsProgramsOnStandardOutputWhatPeopleReadBesideIt() {
    assertThat(tell(StepDisplay.Look.PLAIN, "unlock", "--json")).isEqualTo(6);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"error\":\"It is locked.\",\"advice\":\"Wait.\",\"exitCode\":6}\n");
    assertThat(error.toString(StandardCharsets.UTF_8))
        .isEqualTo("FAILED: It is locked.\n        Wait.\n");
  }

  @Test
  void isRedOnATerminal() {
    assertThat(tell(StepDisplay.Look.COLOURED, "unlock")).isEqualTo(6);

    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(error.toString(StandardCharsets.UTF_8))
        .isEqualTo("\u001b[31mFAILED: It is locked.\u001b[0m\n        Wait.\n");
  }
}
