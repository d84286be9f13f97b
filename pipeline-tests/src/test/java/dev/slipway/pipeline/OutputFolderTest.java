package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the suites write, which is where the command looks. */
class OutputFolderTest {

  @TempDir private Path root;

  private Path output(String setting) {
    Map<String, String> settings =
        Map.of("slipway.root", root.toString(), "platform.dir", ".", "slipway.output", setting);
    return PlatformUnderTest.workspace(name -> Optional.ofNullable(settings.get(name))).output();
  }

  @Test
  void isSeenFromTheRootWhereverTheBuildRuns() {
    assertThat(output("out/here")).isEqualTo(root.resolve("out/here"));
    assertThat(output("/elsewhere")).isEqualTo(Path.of("/elsewhere"));
  }

  @Test
  void isTheUsualOneUnlessOneIsNamed() {
    assertThat(output("")).isEqualTo(root.resolve("target/slipway"));
  }
}
