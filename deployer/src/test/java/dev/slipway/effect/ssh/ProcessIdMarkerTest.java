package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command's outputs as an account's login script leaves them. */
class ProcessIdMarkerTest {

  private static final String WORD = "slipway-1-2";
  private static final String ERROR = "\n" + WORD + " 42\n";
  private static final String OUTPUT = WORD + " 42\n";

  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
  private final CompletableFuture<Long> group = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private String onStandardError(String text) throws IOException {
    return written(ProcessIdMarker.onStandardError(WORD, rest, group, ended), text);
  }

  private String onStandardOutput(String text) throws IOException {
    return written(ProcessIdMarker.onStandardOutput(WORD, rest, group), text);
  }

  /** Byte by byte, as a slow connection brings them, and then closed. */
  private String written(ProcessIdMarker marker, String text) throws IOException {
    for (byte value : text.getBytes(StandardCharsets.ISO_8859_1)) {
      marker.write(value);
    }
    marker.close();
    return rest.toString(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "Be careful,'Be careful\n'",
    "'a\n\n','a\n\n'",
    "'\n','\n'",
    "'\n\nb','\n\nb\n'"
  })
  void letsWhatALoginScriptWritesPassOnStandardError(String before, String seen)
      throws IOException {
    String script = before.translateEscapes();

    assertThat(onStandardError(script + ERROR + "\n\u00ff\n"))
        .isEqualTo(seen.translateEscapes() + "\n\u00ff\n");
    assertThat(group).isCompletedWithValue(42L);
    assertThat(ended).isCompleted();
  }

  @ParameterizedTest
  @CsvSource({"''", "Welcome", "'Welcome\n'", "'\n\nslipway-1-2 is here\n'", "\u00ff\u00fe"})
  void dropsWhatALoginScriptWritesOnStandardOutput(String before) throws IOException {
    assertThat(onStandardOutput(before.translateEscapes() + OUTPUT + "\n\u00ff\n\nlast"))
        .isEqualTo("\n\u00ff\n\nlast");
    assertThat(group).isCompletedWithValue(42L);
  }

  @Test
  void keepsAllOfACommandThatDoesNotTellItsGroup() throws IOException {
    assertThat(onStandardOutput("not\n\navailable")).isEqualTo("not\n\navailable");
    rest.reset();
    assertThat(onStandardError("\nnot available\n\n")).isEqualTo("\nnot available\n\n");
    assertThat(group).isNotDone();
  }
}
