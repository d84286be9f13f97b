package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code bin/slipway} comes to Java, in a checkout with a Maven and a Java that only speak. */
class SlipwayStartTest {

  private static final Instant BUILT = Instant.parse("2026-01-01T12:00:00Z");
  private static final String JAR = "deployer/target/slipway-deployer-0.1.0-SNAPSHOT.jar";
  private static final String SOURCE = "deployer/src/main/java/Slipway.java";

  @TempDir private Path folder;
  private Path programs = Path.of("");

  @BeforeEach
  void aCheckoutThatIsBuilt() throws IOException {
    for (String file : new String[] {"pom.xml", "deployer/pom.xml", SOURCE, JAR}) {
      Path path = folder.resolve("checkout").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
    Files.createDirectories(checkout("deployer/target/lib"));
    Files.createDirectories(checkout("deployer/target/classes/dev/slipway/cli"));
    Files.createDirectories(checkout("bin"));
    Files.copy(Checkout.current().resolve("bin/slipway"), checkout("bin/slipway"));
    assertThat(checkout("bin/slipway").toFile().setExecutable(true)).isTrue();
    try (Stream<Path> all = Files.walk(folder.resolve("checkout"))) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, FileTime.from(BUILT));
      }
    }
    programs = Files.createDirectory(folder.resolve("programs"));
    Script.fake(programs, "mvn", "echo Maven builds");
    Script.fake(programs, "jar", "exit 1");
    Script.fake(programs, "java", "echo Java runs");
  }

  private Path checkout(String path) {
    return folder.resolve("checkout").resolve(path);
  }

  private Script start(String command) {
    return Script.run(
        Map.of("PATH", programs + ":" + System.getenv("PATH")),
        folder.resolve(command).toString(),
        "status");
  }

  private void change(String path) throws IOException {
    Files.setLastModifiedTime(checkout(path), FileTime.from(BUILT.plusSeconds(1)));
  }

  @Test
  void buildsNothingWhereNothingWasChanged() {
    assertThat(start("checkout/bin/slipway")).isEqualTo(new Script(0, "Java runs\n"));
  }

  @Test
  void buildsOnceAfterASourceWasChanged() throws IOException {
    change(SOURCE);

    assertThat(start("checkout/bin/slipway").text()).contains("Maven builds\nJava runs\n");
    assertThat(start("checkout/bin/slipway").text()).isEqualTo("Java runs\n");
  }

  @Test
  void buildsWhatWasNeverBuilt() throws IOException {
    Files.delete(checkout(JAR));

    assertThat(start("checkout/bin/slipway").text()).contains("Maven builds\n");
  }

  @Test
  void startsThroughALink() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), checkout("bin/slipway"));
    Files.createSymbolicLink(folder.resolve("slipway"), Path.of("link"));

    assertThat(start("slipway")).isEqualTo(new Script(0, "Java runs\n"));
  }

  @Test
  void refusesWithoutJavaAndSaysWhatInstallsIt() throws IOException {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    Script.fake(bare, "bash", "exec /bin/bash \"$@\"");

    Script script = Script.run(Map.of("PATH", bare.toString()), checkout("bin/slipway").toString());

    assertThat(script.status()).as(script.text()).isEqualTo(2);
    assertThat(script.text()).contains("java is not found", checkout("bin/setup").toString());
  }

  @Test
  void refusesWhatMavenDoesNotBuild() throws IOException {
    change("pom.xml");
    Script.fake(programs, "mvn", "exit 1");

    Script script = start("checkout/bin/slipway");

    assertThat(script.status()).as(script.text()).isEqualTo(2);
    assertThat(script.text()).contains("could not be built").doesNotContain("Java runs");
  }
}
