package dev.slipway.deploy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.quicktheories.QuickTheory.qt;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.Words;
import dev.slipway.deploy.doctor.Preflight;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.Transfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prepares folders of this machine as if they were a server's; only its engine is pretended. */
class BootstrapTest {

  @TempDir private Path folder;
  private final LocalProcess local = new LocalProcess();
  private final List<String> lines = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private boolean hasDocker = true;

  private final class Machine implements Shell {
    @Override
    public CommandResult run(ShellCommand command, Duration deadline, Consumer<String> output) {
      ran.add(command.toString());
      if (command.arguments().get(0).startsWith("docker")) {
        return hasDocker
            ? new CommandResult(0, "25.0.0", "")
            : new CommandResult(127, "", "docker: not found");
      }
      return local.run(command, deadline, output);
    }
  }

  @BeforeEach
  void makeAnOrigin() throws IOException {
    Path origin = Files.createDirectory(folder.resolve("origin"));
    git(origin, "init", "--quiet");
    Files.writeString(origin.resolve("docker-compose.prod.yml"), "services: {}\n");
    git(origin, "add", ".");
    git(origin, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "First");
  }

  private void git(Path where, String... words) {
    CommandResult result =
        local.run(ShellCommand.of("git").with(words).in(where.toString()), Duration.ofSeconds(30));
    assertThat(result.succeeded()).as(result.tail(3)).isTrue();
  }

  private Path checkout() {
    return folder.resolve("opt/platform");
  }

  private Path environmentFile() {
    return checkout().resolve(".env");
  }

  private Bootstrap from(String origin, String... keys) {
    HostCommands commands = new HostCommands(checkout().toString());
    Machine machine = new Machine();
    return new Bootstrap(
        machine,
        commands,
        new Preflight(
            machine, commands, Optional.empty(), Clock.systemUTC(), Transfer.REGISTRY, () -> true),
        origin,
        environmentFile().toString(),
        Set.of(keys),
        new DeployLog(lines::add, new Redaction(List.of())));
  }

  private Bootstrap bootstrap(String... keys) {
    return from(folder.resolve("origin").toString(), keys);
  }

  private static SlipwayException refused(Runnable work) {
    SlipwayException refused = catchThrowableOfType(SlipwayException.class, work::run);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refused;
  }

  @Test
  void plansEverythingForABareServerAndChangesNothing() {
    assertThat(bootstrap("SECRET_KEY", "POSTGRES_PASSWORD").plan())
        .hasToString(
            """
            Plan to prepare the server:
              1. clone ORIGIN to CHECKOUT (there is no checkout)
              2. make CHECKOUT/.slipway for lock and ledger (there is no such folder)
              3. write POSTGRES_PASSWORD, SECRET_KEY to CHECKOUT/.env, mode 0600 (the compose file needs them)
            """
                .replace("ORIGIN", folder.resolve("origin").toString())
                .replace("CHECKOUT", checkout().toString()));
    assertThat(checkout().getParent()).doesNotExist();
  }

  @Test
  void preparesABareServerAndPrintsNoValue() throws IOException {
    Bootstrap bootstrap = bootstrap("SECRET_KEY", "TITLE");

    bootstrap.execute(
        bootstrap.plan(),
        Map.of("SECRET_KEY", Secret.of("swordfish"), "TITLE", Secret.of("Our #1 $hop")));

    assertThat(checkout().resolve("docker-compose.prod.yml")).exists();
    assertThat(checkout().resolve(".slipway")).isDirectory();
    assertThat(environmentFile()).hasContent("SECRET_KEY=swordfish\nTITLE='Our #1 $hop'\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(environmentFile())))
        .isEqualTo("rw-------");
    assertThat(String.join("\n", lines) + String.join("\n", ran)).doesNotContain("swordfish");
    assertThat(bootstrap.plan())
        .hasToString("Nothing to do: the server is ready for `slipway deploy`.\n");
  }

  @Test
  void asksOnlyForTheKeysThatAreMissingAndKeepsTheOthers() throws IOException {
    Files.createDirectories(checkout().getParent());
    git(folder, "clone", "--quiet", "origin", checkout().toString());
    Files.writeString(environmentFile(), "# ours\nSECRET_KEY=kept");
    Files.setPosixFilePermissions(environmentFile(), PosixFilePermissions.fromString("rw-r--r--"));
    Bootstrap bootstrap = bootstrap("SECRET_KEY", "TITLE");

    assertThat(bootstrap.plan().missing()).containsExactly("TITLE");
    bootstrap.execute(bootstrap.plan(), Map.of("TITLE", Secret.of("Ours")));

    assertThat(environmentFile()).hasContent("# ours\nSECRET_KEY=kept\nTITLE=Ours\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(environmentFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesAMachineWithoutDockerAndInstallsNothing() {
    hasDocker = false;

    assertThat(refused(() -> bootstrap().plan()).toString())
        .contains("docker: not found", "https://docs.docker.com/engine/install/");
    assertThat(ran).noneMatch(command -> command.contains("apt"));
  }

  @Test
  void refusesAFolderThatHoldsSomethingElse() throws IOException {
    Files.createDirectories(checkout());
    Files.writeString(checkout().resolve("index.html"), "by hand");

    assertThat(refused(() -> bootstrap().plan()).what()).contains("is no git checkout");
    assertThat(checkout().resolve("index.html")).hasContent("by hand");
  }

  @Test
  void refusesAnOriginThatTheServerCannotReadOrThatHoldsAPassword() {
    assertThat(refused(() -> from("/not/there").plan()).advice()).contains("deploy key");
    assertThat(refused(() -> from("").plan()).advice()).contains("--origin");
    assertThat(refused(() -> from("https://ci:hunter22@git.example/p.git").plan()).toString())
        .contains("holds a password")
        .doesNotContain("hunter22");
    assertThat(refused(() -> from("https://ghp0a1b2c3d4e5f6@git.example/p.git").plan()).toString())
        .contains("or a token")
        .doesNotContain("ghp0a1b2");
    assertThat(ran).noneMatch(command -> command.matches(".*(hunter22|ghp0).*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "it's", "two\nlines", "back\\slash", "a${B}"})
  void refusesAValueThatTheTwoGenerationsOfComposeReadDifferently(String value) {
    Bootstrap bootstrap = bootstrap("KEY");
    BootstrapPlan plan = bootstrap.plan();

    SlipwayException refused =
        refused(() -> bootstrap.execute(plan, Map.of("KEY", Secret.of(value))));

    assertThat(refused.what()).contains("KEY");
    assertThat(checkout()).doesNotExist();
  }

  @Test
  void writesAValueAsOneLineThatAShellReadsBackOrRefusesIt() {
    Path file = folder.resolve("values");
    qt().withExamples(60)
        .forAll(Words.generated())
        .checkAssert(
            value -> {
              try {
                String line = "KEY=" + Bootstrap.quoted("KEY", value) + "\n";
                Files.writeString(file, line);
                assertThat(line).matches("KEY=([^'\r\n]+|'[^'\r\n]+')\n");
                assertThat(
                        local
                            .run(
                                ShellCommand.of("sh", "-c", ". \"$1\"; printf %s \"$KEY\"", "sh")
                                    .with(file.toString()),
                                Duration.ofSeconds(30))
                            .standardOutput())
                    .isEqualTo(value);
              } catch (SlipwayException refused) {
                assertThat(refused.what()).startsWith("The value of KEY ");
              } catch (IOException failed) {
                throw new UncheckedIOException(failed);
              }
            });
  }

  @Test
  void treatsAnOriginThatLooksLikeAnOptionAsAnOrigin() {
    refused(() -> from("--upload-pack=touch " + folder.resolve("escaped")).plan());

    assertThat(folder.resolve("escaped")).doesNotExist();
  }
}
