package dev.slipway.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.DeploymentBench;
import dev.slipway.deploy.doctor.Preflight.Line;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only doctor looks at, over a shell that pretends. */
class DoctorTest {

  private static final String CHECKOUT = "/opt/platform-v2";
  private static final CommandResult NO = new CommandResult(1, "", "no");

  private final HostCommands commands = new HostCommands(CHECKOUT);
  private final Map<List<String>, CommandResult> answers = new HashMap<>();
  private final Shell shell =
      (command, deadline, lines) ->
          Optional.ofNullable(answers.get(command.arguments()))
              .orElseThrow(() -> new AssertionError("not understood: " + command));

  private void says(ShellCommand command, String text) {
    answers.put(command.arguments(), new CommandResult(0, text, ""));
  }

  private void fails(ShellCommand command) {
    answers.put(command.arguments(), NO);
  }

  private List<Line> lines(Optional<URI> health) {
    return new Doctor(shell, DeploymentBench.platform(DeploymentBench.COMPOSE), CHECKOUT, health)
        .lines();
  }

  private Line bad() {
    return lines(Optional.empty()).stream()
        .filter(line -> line.fix().isPresent())
        .reduce(
            (one, other) -> {
              throw new AssertionError(one + " and " + other);
            })
        .orElseThrow();
  }

  @BeforeEach
  void aServerThatIsReady() {
    says(commands.availableMemory(), "1048576\n");
    says(commands.iptables(), "iptables v1.8.9 (nf_tables)\n");
    says(commands.git().head(), "a".repeat(40));
    says(commands.git().origin(), "https://git.example/p.git");
    says(commands.git().canReadOrigin(), "");
    says(commands.projectFolders("platform-v2"), CHECKOUT + "\n");
    says(commands.publishing(80), "platform-v2\n");
    says(commands.containers("platform-v2"), "[]\n");
    fails(commands.listens(80));
    fails(commands.variables().othersMayRead(CHECKOUT + "/.env"));
  }

  @Test
  void findsNothingOnAServerThatIsReady() {
    assertThat(lines(Optional.empty()))
        .allSatisfy(line -> assertThat(line.fix()).isEmpty())
        .extracting(Line::found)
        .contains("1024 MiB available", "https://git.example/p.git", "80 is the edge's");
  }

  @Test
  void findsAServerShortOfMemory() {
    says(commands.availableMemory(), "300000");
    assertThat(bad().found()).isEqualTo("292 MiB available");
  }

  @Test
  void findsAServerWithoutIptables() {
    fails(commands.iptables());
    assertThat(bad().fix()).hasValueSatisfying(fix -> assertThat(fix).contains("apt-get"));
  }

  @Test
  void findsSecretsThatEveryUserCanRead() {
    says(commands.variables().othersMayRead(CHECKOUT + "/.env"), "");

    assertThat(bad().found()).isEqualTo(CHECKOUT + "/.env can be read by every user of the server");
    assertThat(bad().fix().orElseThrow()).contains("`chmod 600 " + CHECKOUT + "/.env`");
  }

  @Test
  void findsAnOriginThatTheServerCannotRead() {
    fails(commands.git().canReadOrigin());
    assertThat(bad().found()).isEqualTo("https://git.example/p.git cannot be read from there: no");
    fails(commands.git().origin());
    assertThat(bad().found()).isEqualTo("the checkout has none");
  }

  @Test
  void findsATokenInTheOrigin() {
    says(commands.git().origin(), "https://robot:swordfish@git.example/p.git");

    assertThat(bad().found())
        .isEqualTo(
            "https://git.example/p.git is written with a password or a token, which every user of the server could see");
  }

  @Test
  void looksForNothingInACheckoutThatIsNotThere() {
    fails(commands.git().head());
    fails(commands.git().origin());

    assertThat(lines(Optional.empty()))
        .allSatisfy(line -> assertThat(line.fix()).isEmpty())
        .extracting(Line::name)
        .contains("memory", "project")
        .doesNotContain("origin");
  }

  @Test
  void findsAnotherProjectOfTheSameName() {
    says(commands.projectFolders("platform-v2"), "/srv/old\n" + CHECKOUT + "\n/srv/old\n");
    assertThat(bad().found()).endsWith("what runs from /srv/old");
  }

  @Test
  void findsNoRoomForABackup() {
    DatabaseCommands database = new DatabaseCommands(CHECKOUT);
    says(
        commands.containers("platform-v2"),
        """
        [{"Id": "abc", "State": {"Status": "running"},
          "Config": {"Labels": {"com.docker.compose.service": "postgres"}}}]
        """);
    says(database.describe("abc"), "app\nplatform\n1073741824\n12\n");
    says(database.room(), "/dev/sda1 9 9 90000000 1% /\n/dev/sda1 9 9 90000000 1% /\n");
    assertThat(lines(Optional.empty()))
        .extracting(Line::found)
        .contains("room in /opt/platform-v2/.slipway/backups for a database of 1.0 GiB");

    says(database.room(), "/dev/sda1 9 9 300000 1% /\n/dev/sda1 9 9 300000 1% /\n");
    assertThat(bad().found()).startsWith("There is no room for the backup in /opt/platform-v2");
  }

  @Test
  void findsThePortOfTheEdgeTaken() {
    says(commands.publishing(80), "shop\n");
    assertThat(bad().found()).isEqualTo("80 is taken by shop");
    says(commands.publishing(80), "");
    says(commands.listens(80), "");
    assertThat(bad().found()).isEqualTo("80 is taken by a program of the server");
    fails(commands.listens(80));
    assertThat(lines(Optional.empty())).extracting(Line::found).contains("80 is free");
  }

  @Test
  void findsAHealthAddressThatDoesNotAnswerOnceSomethingIsDeployed() {
    URI nobody = URI.create("http://127.0.0.1:1/health");
    assertThat(lines(Optional.of(nobody)))
        .extracting(Line::found)
        .contains(nobody + " does not answer: nothing is deployed yet");

    fails(commands.containers("platform-v2"));
    assertThat(lines(Optional.of(nobody)))
        .extracting(Line::found)
        .contains(nobody + " does not answer: nothing is deployed yet");

    says(commands.containers("platform-v2"), "[{\"Id\": \"abc\"}]\n");
    assertThat(lines(Optional.of(nobody)))
        .filteredOn(line -> line.fix().isPresent())
        .extracting(Line::name)
        .containsExactly("health");
  }

  @Test
  void findsAServiceThatSomebodyHasScaledByHand() {
    fails(new SwapCommands(commands).stopping());
    says(
        commands.containers("platform-v2"),
        """
        [{"Id": "a", "Name": "/platform-v2-frontend-1", "State": {"Status": "running"},
          "Config": {"Labels": {"com.docker.compose.service": "frontend"}}},
         {"Id": "b", "Name": "/platform-v2-frontend-2", "State": {"Status": "running"},
          "Config": {"Labels": {"com.docker.compose.service": "frontend"}}}]
        """);

    assertThat(bad().name()).isEqualTo("frontend");
    assertThat(bad().fix())
        .hasValueSatisfying(
            fix -> assertThat(fix).startsWith("Keep one: `docker stop platform-v2-frontend-2 "));
  }
}
