package dev.slipway.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.doctor.Preflight.Line;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.platform.Transfer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of a server, over a shell that pretends. */
class PreflightTest {

  private static final String ENVIRONMENT_FILE = "/opt/platform-v2/.env";
  private static final CommandResult NOT_FOUND = new CommandResult(127, "", "not found");

  private final HostCommands commands = new HostCommands("/opt/platform-v2");
  private final WaitingClock clock = new WaitingClock();
  private final RegistryLogin login =
      new RegistryLogin("registry.example", "ann", Secret.of("swordfish"), "REGISTRY_PASSWORD");
  private final Map<List<String>, CommandResult> answers = new HashMap<>();
  private final Shell shell =
      (command, deadline, lines) ->
          Optional.ofNullable(answers.get(command.arguments()))
              .orElseThrow(() -> new AssertionError("not understood: " + command));
  private boolean reachable = true;
  private final Preflight preflight =
      new Preflight(shell, commands, Optional.of(login), clock, Transfer.REGISTRY, () -> reachable);

  @BeforeEach
  void aServerThatIsReady() {
    says(commands.gitVersion(), "git version 2.39.5");
    says(commands.dockerVersion(), "20.10.24+dfsg1");
    says(commands.dockerAccess(), "direct");
    says(commands.images().checkLogin(login.registry(), login.user(), login.password()), "");
    says(ComposeTool.PLUGIN.version(), "2.26.1-4");
    answers.put(ComposeTool.STANDALONE.version().arguments(), NOT_FOUND);
    says(
        commands.freeSpace(),
        "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 41152812 1 2097152 1% /");
    says(commands.clock(), String.valueOf(clock.instant().getEpochSecond()));
    says(commands.git().head(), "a".repeat(40));
    says(commands.git().localEdits(), "");
    says(commands.git().notWritable(ENVIRONMENT_FILE), "");
    says(commands.variables().variableNames(ENVIRONMENT_FILE), "POSTGRES_PASSWORD\nSECRET_KEY");
  }

  private void says(ShellCommand command, String text) {
    answers.put(command.arguments(), new CommandResult(0, text.isEmpty() ? "" : text + "\n", ""));
  }

  private List<Line> lines() {
    return preflight.lines(ENVIRONMENT_FILE, Set.of("POSTGRES_PASSWORD"));
  }

  private Line line(String name) {
    return lines().stream().filter(line -> line.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void saysThatDockerRunsBySudo() {
    says(commands.dockerAccess(), "sudo");

    assertThat(line("docker")).isEqualTo(Line.good("docker", "Engine 20.10.24+dfsg1, by sudo"));
  }

  @Test
  void takesTheEnginesVersionFromItsAnswerAlone() {
    answers.put(
        commands.dockerVersion().arguments(),
        new CommandResult(0, "20.10.24+dfsg1\n", "Be careful\n"));

    assertThat(line("docker")).isEqualTo(Line.good("docker", "Engine 20.10.24+dfsg1"));
  }

  @Test
  void findsNothingWrongWithAServerThatIsReady() {
    assertThat(lines())
        .allSatisfy(line -> assertThat(line.fix()).as(line.name()).isEmpty())
        .extracting(line -> line.name() + ": " + line.found())
        .containsExactly(
            "git: git version 2.39.5",
            "docker: Engine 20.10.24+dfsg1",
            "registry: registry.example knows ann",
            "compose: docker compose 2.26.1-4",
            "disk: 2048 MiB free",
            "clock: 0 s apart",
            "forwarding: the server's ports are reached through SSH",
            "checkout: at " + "a".repeat(40),
            "rights: what a deployment changes can be written",
            "variables: /opt/platform-v2/.env has what the compose file requires");
    assertThatCode(() -> preflight.require(ENVIRONMENT_FILE, Set.of())).doesNotThrowAnyException();
  }

  @Test
  void refusesAServerWhosePortsCannotBeReachedThroughSsh() {
    reachable = false;

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> preflight.require(ENVIRONMENT_FILE, Set.of()));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "The server is not ready: forwarding: its SSH server forbids it (administratively prohibited).");
    assertThat(refused.advice()).startsWith("Set `AllowTcpForwarding yes`");
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, -1, 1, 300})
  void bearsAClockThatIsALittleWrong(long seconds) {
    says(commands.clock(), String.valueOf(clock.instant().getEpochSecond() + seconds));

    assertThat(line("clock")).isEqualTo(Line.good("clock", Math.abs(seconds) + " s apart"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-86400, -301, 301, 86400})
  void refusesAClockThatIsFarOff(long seconds) {
    says(commands.clock(), String.valueOf(clock.instant().getEpochSecond() + seconds));

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> preflight.require(ENVIRONMENT_FILE, Set.of()));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo("The server is not ready: clock: " + Math.abs(seconds) + " s apart.");
    assertThat(refused.advice()).startsWith("Set the server's clock");
  }

  @Test
  void refusesAClockThatCannotBeRead() {
    says(commands.clock(), "date: unknown option");

    assertThat(line("clock").found()).isEqualTo("unreadable");
  }

  @ParameterizedTest
  @CsvSource({
    "PLUGIN, 2.5.0",
    "PLUGIN, v2.17.3",
    "PLUGIN, 2.27.0-desktop.2",
    "PLUGIN, 5.0.1",
    "PLUGIN, dev",
    "STANDALONE, 1.27.0",
    "STANDALONE, 1.29.2",
    "STANDALONE, 2.26.1-4"
  })
  void takesBothGenerationsOfCompose(ComposeTool tool, String version) {
    has(tool, version);

    assertThat(line("compose"))
        .isEqualTo(Line.good("compose", String.join(" ", tool.words()) + " " + version));
    assertThat(preflight.composeTool()).contains(tool);
  }

  @ParameterizedTest
  @CsvSource({
    "PLUGIN, 2.3.3, 2.5.0",
    "PLUGIN, v2.0.0-rc.3, 2.5.0",
    "PLUGIN, 2.5.0-rc1, 2.5.0",
    "STANDALONE, 1.26.2, 1.27.0",
    "STANDALONE, 1.9.0, 1.27.0",
    "STANDALONE, 2.3.3, 2.5.0"
  })
  void refusesAComposeThatIsTooOld(ComposeTool tool, String version, String oldest) {
    has(tool, version);

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class, () -> preflight.require(ENVIRONMENT_FILE, Set.of()));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "The server is not ready: compose: "
                + String.join(" ", tool.words())
                + " "
                + version
                + ", older than "
                + oldest
                + ".");
    assertThat(refused.advice())
        .isEqualTo(
            "Upgrade compose on the server: `apt-get install docker-compose-plugin` from Docker's own packages, on Alpine `apk add docker-cli-compose`.");
  }

  private void has(ComposeTool tool, String version) {
    answers.put(ComposeTool.PLUGIN.version().arguments(), NOT_FOUND);
    says(tool.version(), version);
  }

  @Test
  void refusesAServerWithoutComposeAndWithEveryOtherFaultAtOnce() {
    answers.put(ComposeTool.PLUGIN.version().arguments(), NOT_FOUND);
    answers.put(commands.gitVersion().arguments(), NOT_FOUND);
    says(commands.git().localEdits(), " M docker-compose.prod.yml");

    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> preflight.require(ENVIRONMENT_FILE, Set.of("REDIS_PASSWORD")));

    assertThat(refused.what())
        .isEqualTo(
            "The server is not ready: git: not found; compose: not found; checkout: local edits in M docker-compose.prod.yml; variables: /opt/platform-v2/.env lacks REDIS_PASSWORD.");
    assertThat(refused.advice())
        .contains("`apt-get install git`", "`apt-get install docker-compose-plugin`", "git stash");
  }

  @Test
  void saysOfABareServerOnlyWhatMakesTheCheckout() {
    answers.put(commands.git().head().arguments(), NOT_FOUND);
    answers.put(commands.variables().variableNames(ENVIRONMENT_FILE).arguments(), NOT_FOUND);

    assertThat(lines())
        .filteredOn(line -> line.fix().isPresent())
        .containsExactly(
            Line.bad(
                "checkout",
                "/opt/platform-v2 is not a git checkout with a commit",
                "`slipway bootstrap` makes it."));
  }

  @Test
  void tellsOfACheckoutOfAnotherUserThatItIsNoneOfNobody() {
    answers.put(
        commands.git().head().arguments(),
        new CommandResult(
            128,
            "",
            """
            fatal: detected dubious ownership in repository at '/opt/platform-v2'
            To add an exception for this directory, call:

            \tgit config --global --add safe.directory /opt/platform-v2
            """));

    Line line = lines().stream().filter(each -> each.fix().isPresent()).findFirst().orElseThrow();

    assertThat(line.found())
        .isEqualTo("git does not trust /opt/platform-v2, which another user owns");
    assertThat(line.fix().orElseThrow())
        .contains("chown -R USER /opt/platform-v2", "safe.directory /opt/platform-v2");
  }

  private Line registry(Transfer transfer, String error) {
    answers.put(
        commands.images().checkLogin(login.registry(), login.user(), login.password()).arguments(),
        new CommandResult(1, "", error));
    return new Preflight(shell, commands, Optional.of(login), clock, transfer, () -> true)
        .lines(ENVIRONMENT_FILE, Set.of()).stream()
            .filter(line -> line.name().equals("registry"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void asksForANewTokenWhereTheRegistryRefusesTheLogin() {
    Line line = registry(Transfer.AUTO, "Get \"https://registry.example/v2/\": unauthorized");

    assertThat(line.found()).startsWith("registry.example does not let ann in: ");
    assertThat(line.fix().orElseThrow()).startsWith("Token expired? Renew REGISTRY_PASSWORD");
  }

  @Test
  void doesWithoutTheRegistryWhereImagesCanComeThroughSsh() {
    String error =
        "Error response from daemon: Get \"https://registry.example/v2/\": dial tcp: lookup"
            + " registry.example: no such host";

    assertThat(registry(Transfer.AUTO, error).fix()).isEmpty();
    assertThat(registry(Transfer.AUTO, error).found())
        .startsWith("registry.example is not reached, so images go through SSH: Get ");
    assertThat(registry(Transfer.REGISTRY, error).fix().orElseThrow()).contains("--transfer ssh");
  }

  @Test
  void namesWhatTheUserMayNotWrite() {
    says(commands.git().notWritable(ENVIRONMENT_FILE), ".git/objects/3f\n/etc/platform/.env");

    assertThat(line("rights").found())
        .isEqualTo(
            "the user may not write .git/objects/3f, /etc/platform/.env in /opt/platform-v2");
    assertThat(line("rights").fix().orElseThrow()).contains("`chown -R USER /opt/platform-v2`");
  }
}
