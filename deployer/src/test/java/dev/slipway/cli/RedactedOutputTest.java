package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import dev.slipway.deploy.log.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedactedOutputTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out =
      RedactedOutput.over(
          new PrintStream(bytes, true, StandardCharsets.UTF_8),
          new Redaction(List.of(Secret.of("swordfish é"))));

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void takesASecretOutOfALineThatComesInPieces() {
    out.print("one sword");
    out.flush();
    out.print("fish é");
    assertThat(shown()).isEmpty();

    out.print(" two\nthree\n");

    assertThat(shown()).isEqualTo("one [secret] two\nthree\n");
  }

  @Test
  void tellsWhenNobodyReadsAnyMore() {
    PrintStream closed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    PrintStream shown = RedactedOutput.over(closed, new Redaction(List.of()));
    shown.println("one");
    assertThat(shown.checkError()).isFalse();

    closed.close();
    shown.println("two");

    assertThat(shown.checkError()).isTrue();
  }

  @Test
  void takesASecretOutOfALineThatIsLongerThanTheBuffersOnTheWay() {
    out.println("x".repeat(8185) + "swordfish é" + "y".repeat(9000));

    assertThat(shown()).contains("x[secret]y").doesNotContain("fish");
  }

  @Test
  void showsTheLineOfATerminalThatIsWrittenAgainAndAgain() {
    out.print("\r\u001b[K[1/3] swordfish é");
    out.flush();

    assertThat(shown()).isEqualTo("\r\u001b[K[1/3] [secret]");
  }

  @Test
  void showsALastLineWithoutAnEnd() {
    out.print("swordfish é");
    out.close();

    assertThat(shown()).isEqualTo("[secret]");
  }
}
