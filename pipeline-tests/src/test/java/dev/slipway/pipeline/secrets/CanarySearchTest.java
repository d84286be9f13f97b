package dev.slipway.pipeline.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.secrets.CanarySearch.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanarySearchTest {

  private final Canary canary = Canary.in("TOKEN", "one \"%s' two");
  private final String core = canary.cores().get(0);
  private final CanarySearch search =
      new CanarySearch(List.of(canary, Canary.in("OTHER", "%s"), Canary.in("THIRD", "%s")));
  @TempDir private Path folder;

  /** What the tools of a system make of a value, asked of them. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "plain => printf '%s' \"$1\"",
        "plain => printf '%q' \"$1\"",
        "plain => V=$1; export V; export -p",
        "backwards => printf '%s' \"$1\" | rev",
        "hexadecimal => printf '%s' \"$1\" | od -An -v -tx1 | tr -d ' \\n'",
        "hexadecimal => printf '%s' \"$1\" | od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F",
        "URL-encoded => printf '%s' \"$1\" | od -An -v -tx1 | tr -d '\\n' | tr ' ' %",
        "base64 at offset => printf '%s' \"$1\" | base64 -w 0",
        "base64 at offset => printf 'u%s' \"$1\" | base64 -w 0",
        "base64 at offset => printf 'ci%s' \"$1\" | base64 -w 0",
        "base64 at offset => printf 'user:%s' \"$1\" | base64 -w 0 | tr +/ -_",
        "plain => printf '%s' \"$1\" | gzip",
        "plain => printf '%s' \"$1\" | gzip | gzip",
      })
  void knowsACanaryInEachForm(String form, String script) throws IOException {
    Path output = folder.resolve("output");
    run("bash", "-c", "(" + script + ") > \"$2\"", "bash", canary.value(), output.toString());

    assertThat(search.in("it", output))
        .isNotEmpty()
        .allSatisfy(
            finding -> {
              assertThat(finding.canary()).isEqualTo("TOKEN");
              assertThat(finding.form()).startsWith(form);
            });
  }

  @Test
  void namesTheFileInArchivesInArchives() throws IOException {
    Path layer = folder.resolve("layer");
    Path name = Path.of("a".repeat(90), "b".repeat(90), "settings");
    Files.createDirectories(layer.resolve(name).getParent());
    Files.writeString(layer.resolve(name), "key=" + core);
    Files.writeString(layer.resolve("empty"), "");
    Files.writeString(layer.resolve("zzz"), "key=" + core);
    for (String format : List.of("gnu", "pax", "ustar")) {
      Path archive = folder.resolve(format + ".tar.gz");
      run("tar", "-C", layer.toString(), "--format", format, "-czf", archive.toString(), ".");
    }
    Path image = folder.resolve("image.tar");
    run("bash", "-c", "cd \"$1\" && tar -cf image.tar *.tar.gz", "bash", folder.toString());

    assertThat(search.in("image", Files.newInputStream(image)))
        .extracting(Finding::place)
        .containsExactlyInAnyOrder(
            "image:gnu.tar.gz:./" + name,
            "image:gnu.tar.gz:./zzz",
            "image:pax.tar.gz:./" + name,
            "image:pax.tar.gz:./zzz",
            "image:ustar.tar.gz:./" + name,
            "image:ustar.tar.gz:./zzz");
  }

  @ParameterizedTest
  @CsvSource({"0", "1048540", "1048560", "1048575", "1048576", "2097140", "3000000"})
  void knowsACanaryWhereverItStandsInALongStream(int before) {
    byte[] noise = new byte[3_000_100];
    new Random(before).nextBytes(noise);
    byte[] value = core.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(value, 0, noise, before, value.length);

    assertThat(search.in("noise", trickling(noise))).hasSize(1);
  }

  /** As a pipe would give it: never all that was asked for. */
  private static InputStream trickling(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 777));
      }
    };
  }

  @Test
  void findsNothingWhereThereIsNothing() {
    assertThat(search.in("half", core.substring(0, 20) + "\n" + core.substring(4))).isEmpty();
    assertThat(search.in("nothing", "")).isEmpty();
  }

  @Test
  void makesCanariesOfWhichNoTwoAreAlike() {
    assertThat(Canary.in("A", "%s").value()).hasSize(24).isNotEqualTo(Canary.in("A", "%s").value());
  }

  private static void run(String... words) {
    CommandResult result = new LocalProcess().run(ShellCommand.of(words), Duration.ofSeconds(30));
    assertThat(result.succeeded()).withFailMessage("%s", result.tail(5)).isTrue();
  }
}
