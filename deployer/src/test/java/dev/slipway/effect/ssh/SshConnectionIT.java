package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.ShellCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("deploy")
@Timeout(240)
class SshConnectionIT {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Secret PASSPHRASE = Secret.of("open sesame");

  @TempDir private static Path folder;
  @AutoClose private static SshServer server;

  /**
   * Every type in every format that {@code ssh-keygen} writes it in, and ed25519 as OpenSSL does.
   */
  private static final List<String> KINDS =
      List.of(
          "ed25519-RFC4716",
          "ed25519-openssl",
          "ecdsa-RFC4716",
          "ecdsa-PEM",
          "ecdsa-PKCS8",
          "rsa-RFC4716",
          "rsa-PEM",
          "rsa-PKCS8");

  @BeforeAll
  static void start() {
    TestKeys.generate(folder, "ed25519", "", "-t", "ed25519");
    TestKeys.generate(folder, "stranger", "", "-t", "ed25519");
    List<String> names = new ArrayList<>(List.of("ed25519"));
    for (String kind : KINDS) {
      for (String passphrase : List.of("", PASSPHRASE.reveal())) {
        String name = kind + (passphrase.isEmpty() ? "" : "-locked");
        names.add(name);
        String[] words = kind.split("-", -1);
        if (words[1].equals("openssl")) {
          TestKeys.generateByOpenSsl(folder, name, passphrase);
        } else {
          TestKeys.generate(folder, name, passphrase, "-t", words[0], "-m", words[1]);
        }
      }
    }
    server = new SshServer(folder).start(names.toArray(String[]::new));
  }

  static List<String> kinds() {
    return KINDS;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void logsInWithEveryKindOfKeyLockedOrNot(String kind) {
    for (String name : List.of(kind, kind + "-locked")) {
      SshKey key = SshKey.parse(file(name), Optional.of(PASSPHRASE));

      try (SshConnection connection = open(key, server.knownHost("ed25519"))) {
        assertThat(connection.run(ShellCommand.of("id", "-un"), DEADLINE).standardOutput())
            .isEqualTo("bash\n");
      }
    }
  }

  static String[] keyExchanges() {
    return SessionOpener.KEY_EXCHANGES.split(",", -1);
  }

  /** A way that is offered and not there breaks each connection to a server that prefers it. */
  @ParameterizedTest
  @MethodSource("keyExchanges")
  void exchangesKeysInEachWayThatItOffers(String way) throws JSchException {
    JSch library = new JSch();
    key("ed25519").offerTo(library);
    SshTarget target = server.target("bash");
    Session session = library.getSession(target.user(), target.host(), target.port());
    session.setConfig("StrictHostKeyChecking", "no");
    session.setConfig("kex", way);
    session.setConfig("CheckKexes", "");
    try {
      session.connect(20_000);

      assertThat(session.isConnected()).isTrue();
    } finally {
      session.disconnect();
    }
  }

  @Test
  void logsInWithTheKeyOfAnAgent() {
    try (TestAgent agent = TestAgent.start(folder.resolve("agent"), folder.resolve("ed25519"))) {
      SshAgent identity = SshAgent.at(agent.socket());
      assertThat(identity.keys()).containsExactly(TestKeys.publicKey(folder.resolve("ed25519")));

      try (SshConnection connection = open(identity, server.knownHost("ed25519"))) {
        assertThat(connection.run(ShellCommand.of("id", "-un"), DEADLINE).standardOutput())
            .isEqualTo("bash\n");
      }
    }
  }

  @Test
  void saysWhichKeysOfTheAgentTheServerDoesNotAccept() {
    try (TestAgent agent = TestAgent.start(folder.resolve("other"), folder.resolve("stranger"))) {
      assertThat(refusal(SshAgent.at(agent.socket()), server.knownHost("ed25519")).what())
          .isEqualTo(
              "%s does not let bash in with any key of the ssh-agent: %s.",
              server.target("bash").address(), TestKeys.publicKey(folder.resolve("stranger")));
    }
  }

  /** sshd takes six tries. */
  @Test
  void saysThatAnAgentHasMoreKeysThanTheServerTries() {
    List<Path> keys = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      keys.add(TestKeys.generate(folder, "wrong-" + i, "", "-t", "ed25519"));
    }
    keys.add(folder.resolve("ed25519"));
    try (TestAgent agent = TestAgent.start(folder.resolve("full"), keys.toArray(Path[]::new))) {
      SshAgent full = SshAgent.at(agent.socket());
      SlipwayException refusal = refusal(full, server.knownHost("ed25519"));

      assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refusal.what())
          .startsWith(server.target("bash").address() + " takes no more tries to let bash in")
          .contains("the ssh-agent has 8 keys");
      assertThat(refusal.advice()).startsWith("Set PROD_SSH_KEY to the one");

      PublicKey right = TestKeys.publicKey(folder.resolve("ed25519"));
      open(full.offeringFirst(right), server.knownHost("ed25519")).close();
    }
  }

  @Test
  void refusesAnAgentThatIsNotThere() {
    assertThatThrownBy(() -> SshAgent.at("/no/such/agent"))
        .hasMessage(
            "The ssh-agent that SSH_AUTH_SOCK names, /no/such/agent, has no key or does not answer.");
  }

  @Test
  void noticesAServerThatDoesNotAnswerAnyMore() {
    SshRoute route = SshRoute.direct(server.target("bash"), key("ed25519"));
    KnownHosts known = KnownHosts.parse(server.knownHost("ed25519"));
    Liveness brief = new Liveness(Duration.ofMillis(200), 2);
    try (SshConnection connection =
        SshConnection.open(route, known, Duration.ofSeconds(20), brief)) {
      server.freeze(true);
      SlipwayException lost =
          catchThrowableOfType(
              SlipwayException.class,
              () -> connection.run(ShellCommand.of("true"), Duration.ofSeconds(60)));

      assertThat(lost.exitCode()).isEqualTo(ExitCode.UNKNOWN_STATE);
      assertThat(lost.what()).contains("\"true\"").doesNotContain("did not end within");
      assertThat(connection.isOpen()).isFalse();
    } finally {
      server.freeze(false);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void verifiesAgainstTheOneKindOfHostKeyThatIsRecorded(String type) {
    try (SshConnection connection = open(key("ed25519"), server.knownHost(type))) {
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void verifiesAgainstHashedNames() {
    String hashed = TestKeys.hashed(folder, server.knownHost("ed25519"));
    assertThat(hashed).startsWith("|1|");

    try (SshConnection connection = open(key("ed25519"), hashed)) {
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void refusesWithoutKnownHostsAndSaysWhatToRecord() {
    SlipwayException refusal = refusal(key("ed25519"), "");

    assertThat(refusal.what())
        .isEqualTo(
            "PROD_SSH_KNOWN_HOSTS is not set, so the server cannot be verified: %s shows the host"
                + " key %s (ssh-ed25519).",
            server.target("bash").address(), TestKeys.fingerprint(folder.resolve("host_ed25519")));
    assertThat(refusal.advice())
        .isEqualTo(
            "Compare on the server's console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. If"
                + " it prints the same fingerprint, record this line in PROD_SSH_KNOWN_HOSTS: "
                + server.knownHost("ed25519").strip());
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void acceptsTheLineItAskedToRecord() {
    String advice = refusal(key("ed25519"), "").advice();
    String line = advice.substring(advice.indexOf("PROD_SSH_KNOWN_HOSTS: ") + 22);

    try (SshConnection connection = open(key("ed25519"), line)) {
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void refusesAHostThatIsNotRecorded() {
    String elsewhere = "else.example " + server.hostKey("ed25519").line();

    assertThat(refusal(key("ed25519"), elsewhere).what())
        .startsWith(
            "PROD_SSH_KNOWN_HOSTS has no line for "
                + server.target("bash").knownHostsName()
                + ": ");
  }

  @Test
  void refusesAChangedHostKeyNamingBoth() {
    PublicKey recorded = TestKeys.publicKey(folder.resolve("stranger"));
    String name = server.target("bash").knownHostsName();

    SlipwayException refusal = refusal(key("ed25519"), name + " " + recorded.line());

    assertThat(refusal.what())
        .isEqualTo(
            "%s shows the host key %s, but PROD_SSH_KNOWN_HOSTS records %s: somebody may be in"
                + " between, or the server was set up anew.",
            server.target("bash").address(), server.hostKey("ed25519"), recorded);
    assertThat(refusal.advice())
        .startsWith(
            "Compare on the server's console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub.")
        .endsWith(server.knownHost("ed25519").strip());
  }

  @Test
  void refusesARevokedHostKey() {
    String revoked = server.knownHost("ed25519") + "@revoked * " + server.hostKey("ed25519").line();

    assertThat(refusal(key("ed25519"), revoked).what())
        .endsWith("which PROD_SSH_KNOWN_HOSTS marks as revoked.");
  }

  @Test
  void saysWhichKeyTheServerDoesNotAcceptAndWhereItBelongs() {
    SlipwayException refusal = refusal(key("stranger"), server.knownHost("ed25519"));
    PublicKey stranger = TestKeys.publicKey(folder.resolve("stranger"));

    assertThat(refusal.what())
        .isEqualTo(
            "%s does not let bash in with the key %s.", server.target("bash").address(), stranger);
    assertThat(refusal.advice())
        .isEqualTo(
            "Check PROD_SERVER_USER, or add this line to ~bash/.ssh/authorized_keys on the server: "
                + stranger.line());
  }

  @Test
  void refusesAnUnknownUser() {
    assertThatThrownBy(() -> server.open("nobody-of-that-name", "ed25519"))
        .hasMessageContaining("does not let nobody-of-that-name in with the key");
  }

  @Test
  void leadsALocalPortToTheServersOwnNetwork() throws Exception {
    try (SshConnection connection = server.open("bash", "ed25519")) {
      try (PortForward forward = connection.forward("127.0.0.1", 22)) {
        assertThat(banner(forward.localPort())).startsWith("SSH-2.0-");
        assertThat(connection.forwardedPorts())
            .containsExactly(forward.localPort() + ":127.0.0.1:22");
      }
      assertThat(connection.forwardedPorts()).isEmpty();
    }
  }

  @Test
  void mayLeadToAPortWhereNobodyListens() {
    try (SshConnection connection = server.open("bash", "ed25519")) {
      assertThat(connection.mayForward("127.0.0.1", 1)).isTrue();
      assertThat(connection.mayForward("127.0.0.1", 22)).isTrue();
      connection.forward("127.0.0.1", 1).close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AllowTcpForwarding=no",
        "AllowTcpForwarding=remote",
        "DisableForwarding=yes",
        "PermitOpen=none"
      })
  void saysAtOnceThatTheServerForbidsForwardedPorts(String option, @TempDir Path apart) {
    TestKeys.generate(apart, "key", "", "-t", "ed25519");
    try (SshServer strict = new SshServer(apart).with(option).start("key");
        SshConnection connection = strict.open("bash", "key")) {
      assertThat(connection.mayForward("127.0.0.1", 22)).isFalse();

      SlipwayException refusal =
          catchThrowableOfType(
              SlipwayException.class, () -> connection.forward("127.0.0.1", 22).close());

      assertThat(refusal.what())
          .isEqualTo(
              "The SSH server of "
                  + strict.target("bash")
                  + " forbids to reach 127.0.0.1:22 through it.");
      assertThat(refusal.advice()).startsWith("Set `AllowTcpForwarding yes`");
      assertThat(connection.run(ShellCommand.of("true"), DEADLINE).succeeded()).isTrue();
    }
  }

  @Test
  void leadsAPortOfTheServerBackHereAndTakesItAway() throws Exception {
    try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SshConnection connection = server.open("bash", "ed25519")) {
      String ask = "exec 3<>/dev/tcp/127.0.0.1/%d && echo hello >&3 && cat <&3";
      int port;
      try (ReverseForward forward = connection.forwardBack(here.getLocalPort())) {
        port = forward.remotePort();
        Thread answering = new Thread(() -> answer(here));
        answering.start();
        assertThat(
                connection
                    .run(ShellCommand.of("bash", "-c", ask.formatted(port)), DEADLINE)
                    .standardOutput())
            .isEqualTo("you said hello\n");
        answering.join();
      }
      assertThat(
              connection
                  .run(ShellCommand.of("bash", "-c", ask.formatted(port)), DEADLINE)
                  .standardError())
          .contains("Connection refused");
    }
  }

  @Test
  void interruptsNobodyWhileItLeadsPortsBack() {
    try (SshConnection connection = server.open("bash", "ed25519")) {
      for (int i = 0; i < 50; i++) {
        connection.forwardBack(22).close();
        assertThat(Thread.interrupted()).as("after " + i).isFalse();
      }
    }
  }

  private static void answer(ServerSocket here) {
    try (Socket socket = here.accept();
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      socket
          .getOutputStream()
          .write(("you said " + reader.readLine() + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }

  private static String banner(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      return reader.readLine();
    }
  }

  private static SlipwayException refusal(SshIdentity key, String knownHosts) {
    return catchThrowableOfType(SlipwayException.class, () -> open(key, knownHosts).close());
  }

  private static SshConnection open(SshIdentity key, String knownHosts) {
    return SshConnection.open(
        server.target("bash"), key, KnownHosts.parse(knownHosts), Duration.ofSeconds(20));
  }

  private static SshKey key(String name) {
    return SshKey.parse(file(name), Optional.empty());
  }

  private static Secret file(String name) {
    return Secret.of(folder.resolve(name).toString());
  }
}
