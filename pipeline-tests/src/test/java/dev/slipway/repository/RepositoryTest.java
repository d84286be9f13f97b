package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the repository as a whole. */
class RepositoryTest {

  private static final Pattern READ =
      Pattern.compile(
          "(?:find|require|getOrDefault|registryLogin)\\(\\s*(?:registry,\\s*)?(\"[A-Z_]+\"(?:,\\s*\"[A-Z_]+\")*)|getenv\\(\"(SLIPWAY_[A-Z]+)");

  private final Checkout checkout = Checkout.current();
  @TempDir private Path folder;

  @Test
  void holdsNoSecret() {
    assertThat(SecretSearch.in(checkout)).isEmpty();
  }

  @Test
  void wouldNoticeAPlantedKey() throws IOException {
    run("git", "init", "--quiet", folder.toString());
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve("planted").toString());
    byte[] key = Files.readAllBytes(folder.resolve("planted"));
    Files.writeString(folder.resolve("as-base64"), Base64.getEncoder().encodeToString(key));

    assertThat(SecretSearch.in(new Checkout(folder)))
        .containsExactlyInAnyOrder(
            "planted holds a private key", "as-base64 holds a private key as base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"glpat-", "ghp_", "dckr_pat_", "npm_"})
  void wouldNoticeAPlantedToken(String prefix) throws IOException {
    run("git", "init", "--quiet", folder.toString());
    Files.writeString(folder.resolve("notes.md"), "My token: " + prefix + "a1B2".repeat(9) + "\n");

    assertThat(SecretSearch.in(new Checkout(folder)))
        .singleElement()
        .asString()
        .startsWith("notes.md holds a");
  }

  private static void run(String... words) {
    CommandResult result = new LocalProcess().run(ShellCommand.of(words), Duration.ofSeconds(30));
    assertThat(result.succeeded()).withFailMessage("%s", result.tail(5)).isTrue();
  }

  @Test
  void namesEachVariableThatSlipwayReadsInTheReadMe() throws IOException {
    String sources = "";
    try (Stream<Path> files =
        Files.list(checkout.resolve("deployer/src/main/java/dev/slipway/cli"))) {
      for (Path file : files.toList()) {
        sources += Files.readString(file);
      }
    }
    TreeSet<String> read = new TreeSet<>(List.of("DOCKER_HOST"));
    READ.matcher(sources)
        .results()
        .map(RepositoryTest::names)
        .flatMap(names -> Stream.of(names.split("[\",\\s]+", -1)))
        .filter(name -> !name.isEmpty() && !name.equals("PATH"))
        .forEach(read::add);

    assertThat(read)
        .contains(
            "PROD_SSH_KEY", "CI_REGISTRY_PASSWORD", "SLIPWAY_OUTPUT", "SLIPWAY_LOG", "NO_COLOR");
    String variables = checkout.text("README.md").split("## Variables", -1)[1];
    assertThat(read).allSatisfy(name -> assertThat(variables).contains("`" + name + "`"));
  }

  private static String names(MatchResult match) {
    return match.group(1) == null ? match.group(2) : match.group(1);
  }
}
