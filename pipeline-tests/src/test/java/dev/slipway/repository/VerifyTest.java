package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/verify} asks of Maven, in a checkout with a Maven that only repeats it. */
class VerifyTest {

  @TempDir private Path folder;
  private Path checkout = Path.of("");
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void aCheckout() throws IOException {
    folder = folder.toRealPath();
    checkout = folder.resolve("checkout");
    Files.createDirectories(checkout.resolve("bin"));
    Files.createDirectories(folder.resolve("caller/shop"));
    Files.copy(Checkout.current().resolve("bin/verify"), checkout.resolve("bin/verify"));
    assertThat(checkout.resolve("bin/verify").toFile().setExecutable(true)).isTrue();
    Script.fake(checkout.resolve("bin"), "setup", "exit 0");
    Script.fake(checkout.resolve("bin"), "slipway", "echo slipway in $SLIPWAY_OUTPUT");
    Path programs = Files.createDirectory(folder.resolve("programs"));
    Script.fake(programs, "mvn", "printf '%s\\n' \"$@\"");
    Script.fake(programs, "docker", "exit 0");
    variables.put("PATH", programs + ":" + System.getenv("PATH"));
    variables.put("SLIPWAY_OUTPUT", "");
  }

  /** The lines that it prints when it is called from the folder {@code caller}. */
  private List<String> verify(String arguments) {
    Script script =
        Script.run(
            variables,
            "/bin/sh",
            "-c",
            "cd '%s/caller' && exec ../checkout/bin/verify %s".formatted(folder, arguments));
    assertThat(script.status()).as(script.text()).isZero();
    return script.text().lines().toList();
  }

  @Test
  void runsEveryStageThatItIsGiven() {
    assertThat(verify("lint test")).containsExactly("verify", "-Dstage=lint | test");
  }

  @Test
  void takesFoldersAsItsCallerSeesThem() {
    variables.put("SLIPWAY_OUTPUT", "out/here");

    assertThat(verify("--platform ./shop --release"))
        .contains(
            "-Dplatform.dir=" + folder.resolve("caller/shop"),
            "-Dslipway.output=" + folder.resolve("caller/out/here"),
            "slipway in " + folder.resolve("caller/out/here"));
  }

  @Test
  void leavesSlipwaysOwnTestsOutInARepositoryOfAPlatform() throws IOException {
    assertThat(verify("")).containsExactly("verify");

    Files.writeString(checkout.resolve("docker-compose.prod.yml"), "services: {}\n");

    assertThat(verify(""))
        .containsExactly("verify", "-Dskip.own.tests=true", "-Dstage.excluded=nightly | selftest");
    assertThat(verify("lint")).contains("-Dskip.own.tests=true", "-Dstage=lint");
  }

  @Test
  void knowsTheStagesThatMavenKnows() {
    String stages =
        Checkout.current().text("bin/verify").replaceFirst("(?s).*\\nstages=\"([^\"]*)\".*", "$1");

    assertThat(Checkout.current().text("pom.xml"))
        .contains("<stages>" + stages.replace(' ', '|') + "</stages>")
        .contains("<regex>(${stages})( \\| (${stages}))*</regex>");
  }
}
