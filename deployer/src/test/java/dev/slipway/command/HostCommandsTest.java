package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.compose.EnvironmentVariable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostCommandsTest {

  private static final HostCommands COMMANDS = new HostCommands("/opt/platform-v2");

  @Test
  void saysWhatItRunsForGit() {
    assertThat(COMMANDS.git().head())
        .hasToString("git -C /opt/platform-v2 rev-parse --verify HEAD");
    assertThat(COMMANDS.git().localEdits())
        .hasToString("git -C /opt/platform-v2 status --porcelain --untracked-files=no");
    assertThat(COMMANDS.git().hasCommit("c0ffee"))
        .hasToString("git -C /opt/platform-v2 cat-file -e 'c0ffee^{commit}'");
    assertThat(COMMANDS.git().fetch("c0ffee"))
        .hasToString("git -C /opt/platform-v2 fetch --quiet origin c0ffee");
    assertThat(COMMANDS.git().fetchAll())
        .hasToString("git -C /opt/platform-v2 fetch --quiet origin");
    assertThat(COMMANDS.git().checkOut("c0ffee"))
        .hasToString("git -C /opt/platform-v2 checkout --quiet --detach c0ffee");
    assertThat(COMMANDS.git().show("c0ffee", "compose.yml"))
        .hasToString("git -C /opt/platform-v2 show c0ffee:compose.yml");
  }

  @Test
  void saysWhatItRunsForDocker() {
    assertThat(COMMANDS.dockerVersion())
        .hasToString("docker version --format '{{.Server.Version}}'");
    assertThat(COMMANDS.images().tag("name@sha256:1", "name:tag"))
        .hasToString("docker tag name@sha256:1 name:tag");
    assertThat(COMMANDS.inspect("image", List.of("a", "b")))
        .hasToString("docker inspect --type image a b");
    assertThat(COMMANDS.containers("platform-v2"))
        .hasToString(
            "sh -c 'ids=$(docker ps --all --quiet --no-trunc --filter \"label=com.docker.compose.project=$1\""
                + " --filter label=com.docker.compose.oneoff=False) || exit;"
                + " if [ -n \"$ids\" ]; then docker inspect --type container $ids; else echo '\\''[]'\\''; fi'"
                + " slipway platform-v2");
    assertThat(COMMANDS.schemaRevision("id").toString())
        .startsWith("docker exec id sh -c ")
        .contains("setting POSTGRES_USER", "select version_num from %s")
        .endsWith(" slipway slipway");
  }

  @Test
  void logsInForOnePullWithoutThePasswordInWords() {
    ShellCommand pull =
        COMMANDS
            .images()
            .pull("name@sha256:1", "registry.example", "robot", Secret.of("swordfish"));

    assertThat(pull.arguments().subList(3, 7))
        .containsExactly("slipway", "name@sha256:1", "robot", "registry.example");
    assertThat(pull.toShell()).doesNotContain("swordfish");
    assertThat(pull.input()).contains(Secret.of("swordfish"));
    assertThat(COMMANDS.images().pull("name@sha256:1").toShell())
        .isEqualTo("docker pull name@sha256:1");
  }

  @Test
  void checksALoginWithoutLeavingOne() {
    ShellCommand check =
        COMMANDS.images().checkLogin("registry.example", "robot", Secret.of("swordfish"));

    assertThat(check.toShell())
        .contains("mktemp -d", "rm -rf \"$DOCKER_CONFIG\"")
        .doesNotContain("swordfish");
    assertThat(check.input()).contains(Secret.of("swordfish"));
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  static boolean hasMemoryFileSystem() {
    return Files.isWritable(Path.of("/dev/shm"));
  }

  /** The scripts, run by this machine's sh in a folder with a space and a quote in its name. */
  @Nested
  class OnARealShell {

    @TempDir private Path folder;
    private final LocalProcess shell = new LocalProcess();

    /** Puts a docker on the path that notes its login's folder and does what this script does. */
    private ShellCommand withDocker(ShellCommand command, String script) throws IOException {
      Path docker = folder.resolve("docker");
      Files.writeString(
          docker, "#!/bin/sh\necho \"${DOCKER_CONFIG:-}\" >> \"${0%/*}/logins\"\n" + script);
      Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
      return command
          .withVariable("PATH", folder + ":" + System.getenv("PATH"))
          .withVariable("TMPDIR", folder.toString());
    }

    private List<String> logins() throws IOException {
      return Files.readAllLines(folder.resolve("logins"));
    }

    private List<String> leftBehind() throws IOException {
      assertThat(logins()).isNotEmpty().allMatch(login -> login.contains("/tmp."));
      return logins().stream().filter(login -> Files.exists(Path.of(login))).toList();
    }

    @Test
    @EnabledIf("dev.slipway.command.HostCommandsTest#hasMemoryFileSystem")
    void keepsALoginInMemory() throws IOException {
      ShellCommand check =
          COMMANDS.images().checkLogin("registry.example", "robot", Secret.of("swordfish"));

      assertThat(shell.run(withDocker(check, ""), Duration.ofSeconds(10)).succeeded()).isTrue();

      assertThat(logins()).singleElement().asString().startsWith("/dev/shm/");
      assertThat(leftBehind()).isEmpty();
    }

    /** Docker looks for a keyring where a configuration has no login yet. */
    @Test
    void logsInWhereDockerLooksForNoKeyring() throws IOException {
      ShellCommand check =
          COMMANDS.images().checkLogin("registry.example", "robot", Secret.of("swordfish"));

      CommandResult result =
          shell.run(
              withDocker(check, "cat \"$DOCKER_CONFIG/config.json\" >&2"), Duration.ofSeconds(10));

      assertThat(Json.tree(result.standardError()).path("auths")).isNotEmpty();
    }

    @Test
    void logsInAtTheEngineThatTheAccountHasChosen() throws IOException {
      Path home = Files.createDirectories(folder.resolve(".docker"));
      Files.writeString(home.resolve("config.json"), "{\"currentContext\": \"own\"}");
      ShellCommand pull =
          withDocker(
                  COMMANDS
                      .images()
                      .pull("name@sha256:1", "registry.example", "robot", Secret.of("swordfish")),
                  "case $1 in context) echo unix:///own.sock ;; *) echo \"$1 at $DOCKER_HOST\" >&2 ;; esac")
              .withVariable("HOME", folder.toString());

      assertThat(shell.run(pull, Duration.ofSeconds(10)).standardError())
          .isEqualTo("login at unix:///own.sock\npull at unix:///own.sock\n");
    }

    @Test
    void leavesNoLoginAfterAPull() throws IOException {
      ShellCommand pull =
          withDocker(
              COMMANDS
                  .images()
                  .pull("name@sha256:1", "registry.example", "robot", Secret.of("swordfish")),
              "case $1 in login) cat > \"$DOCKER_CONFIG/config.json\" ;;"
                  + " pull) cat \"$DOCKER_CONFIG/config.json\"; echo \" $*\" ;; esac");

      CommandResult result = shell.run(pull, Duration.ofSeconds(10));

      assertThat(result).isEqualTo(new CommandResult(0, "swordfish pull name@sha256:1\n", ""));
      assertThat(leftBehind()).isEmpty();
    }

    @Test
    void leavesNoLoginAfterAPullThatIsEnded() throws IOException {
      ShellCommand pull =
          withDocker(
              COMMANDS
                  .images()
                  .pull("name@sha256:1", "registry.example", "robot", Secret.of("swordfish")),
              "case $1 in login) cat > \"$DOCKER_CONFIG/config.json\" ;;"
                  + " pull) kill -TERM $PPID; exit 1 ;; esac");

      assertThat(shell.run(pull, Duration.ofSeconds(10)).exitStatus()).isEqualTo(129);
      assertThat(leftBehind()).isEmpty();
    }

    @Test
    void logsInAtDockerHubWhereImagesNameNoRegistry() throws IOException {
      Secret password = Secret.of("swordfish");
      for (ShellCommand command :
          List.of(
              COMMANDS.images().checkLogin("", "robot", password),
              COMMANDS.images().pull("name@sha256:1", "", "robot", password))) {
        String said = "[ $1 = pull ] || echo \"$# $*\" >&2";

        assertThat(shell.run(withDocker(command, said), Duration.ofSeconds(10)).standardError())
            .isEqualTo("4 login --username robot --password-stdin\n");
      }
    }

    @Test
    void leavesNoLoginAfterACheckThatIsEnded() throws IOException {
      ShellCommand check =
          withDocker(
              COMMANDS.images().checkLogin("registry.example", "robot", Secret.of("swordfish")),
              "cat > \"$DOCKER_CONFIG/config.json\"; kill -TERM $PPID; exit 1");

      assertThat(shell.run(check, Duration.ofSeconds(10)).exitStatus()).isEqualTo(129);
      assertThat(leftBehind()).isEmpty();
    }

    @Test
    void tellsARefusedLoginFromAPullThatFails() throws IOException {
      ShellCommand pull =
          COMMANDS
              .images()
              .pull("name@sha256:1", "registry.example", "robot", Secret.of("swordfish"));

      assertThat(
              shell
                  .run(withDocker(pull, "[ $1 != login ] || exit 1"), Duration.ofSeconds(10))
                  .exitStatus())
          .isEqualTo(ImageCommands.LOGIN_REFUSED);
      assertThat(
              shell
                  .run(withDocker(pull, "[ $1 = login ] || exit 1"), Duration.ofSeconds(10))
                  .exitStatus())
          .isEqualTo(1);
      assertThat(leftBehind()).isEmpty();
    }

    @Test
    void removesEveryNameThatIsThereAndReportsOneThatCannotGo() throws IOException {
      String docker =
          "case \"$1 $2 $3\" in 'image inspect gone') exit 1 ;; 'image rm used') exit 1 ;;"
              + " 'image rm'*) echo \"$3\" >> "
              + folder.resolve("removed")
              + " ;; esac";

      assertThat(
              shell
                  .run(
                      withDocker(
                          COMMANDS.images().removeImage(List.of("gone", "a:1", "b@2")), docker),
                      Duration.ofSeconds(10))
                  .exitStatus())
          .isZero();
      assertThat(
              shell
                  .run(
                      withDocker(COMMANDS.images().removeImage(List.of("used", "c:1")), docker),
                      Duration.ofSeconds(10))
                  .exitStatus())
          .isEqualTo(1);
      assertThat(folder.resolve("removed")).hasContent("a:1\nb@2\nc:1");
    }

    private Path checkout() throws IOException {
      Path checkout = folder.resolve("it's here");
      if (!Files.exists(checkout)) {
        Files.createDirectory(checkout);
        succeed(ShellCommand.of("git", "init", "--quiet", checkout.toString()));
      }
      return checkout;
    }

    private HostCommands commands() throws IOException {
      return new HostCommands(checkout().toString());
    }

    private CommandResult run(ShellCommand command) {
      return shell.run(command, Duration.ofSeconds(20));
    }

    private String succeed(ShellCommand command) {
      CommandResult result = run(command);
      assertThat(result.succeeded()).as(result.tail(5)).isTrue();
      return result.standardOutput();
    }

    @Test
    void preparesItsFolderOnceAndHidesItFromGit() throws IOException {
      succeed(commands().prepareState());
      succeed(commands().prepareState());
      Files.writeString(checkout().resolve(".slipway/ledger.jsonl"), "");

      assertThat(Files.readAllLines(checkout().resolve(".git/info/exclude")))
          .containsOnlyOnce("/.slipway/");
      assertThat(succeed(ShellCommand.of("git", "status", "--porcelain").in(checkout().toString())))
          .isEmpty();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(checkout().resolve(".slipway"))))
          .isEqualTo("rwx------");
    }

    @Test
    void saysThatItMayNotWriteToItsFolder() throws IOException {
      succeed(commands().prepareState());
      List<String> words = new ArrayList<>(commands().prepareState().arguments());
      // Who tests as root may write anywhere.
      words.set(2, "test() { false; }; " + words.get(2));

      CommandResult result = run(ShellCommand.of(words));

      assertThat(result.succeeded()).isFalse();
      assertThat(result.standardError())
          .isEqualTo("no right to write to " + checkout().resolve(".slipway") + "\n");
    }

    @Test
    void tellsWhichCommitIsOlder() throws IOException {
      String first = commit();
      String second = commit();

      succeed(commands().git().isAncestor(first, second));
      assertThat(run(commands().git().isAncestor(second, first)).succeeded()).isFalse();
      assertThat(run(commands().git().isAncestor("c".repeat(40), second)).succeeded()).isFalse();
    }

    @Test
    void seesWhatACommitHasThroughLinks() throws IOException {
      Path checkout = checkout();
      Files.createDirectories(checkout.resolve("sites/it's a"));
      Path file = Files.writeString(checkout.resolve("sites/it's a/real.conf"), "1");
      Files.createSymbolicLink(checkout.resolve("live"), Path.of("sites/it's a"));
      Files.createSymbolicLink(checkout.resolve("nginx.conf"), Path.of("live/real.conf"));
      Files.createSymbolicLink(checkout.resolve("nowhere"), Path.of("gone"));
      String first = commit();
      String second = commit();
      Files.writeString(file, "2");
      String third = commit();

      for (String path :
          List.of("nginx.conf", "live", "live/real.conf", "sites/it's a/real.conf")) {
        assertThat(objects(first, path)).as(path).isEqualTo(objects(second, path));
        assertThat(objects(second, path)).as(path).isNotEqualTo(objects(third, path));
      }
      for (String path : List.of("nowhere", "not there", "nginx.conf/below")) {
        assertThat(objects(second, path)).as(path).isEqualTo(objects(third, path));
      }
      assertThat(run(commands().git().objects("c".repeat(40), List.of("live"))).succeeded())
          .isFalse();
    }

    @Test
    void seesThatAFileMayBeRunNow() throws IOException {
      Path script = Files.writeString(checkout().resolve("start.sh"), "1");
      String first = commit();
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

      assertThat(objects(first, "start.sh")).isNotEqualTo(objects(commit(), "start.sh"));
    }

    private String objects(String commit, String path) throws IOException {
      return succeed(commands().git().objects(commit, List.of(path)));
    }

    private String commit() throws IOException {
      succeed(ShellCommand.of("git", "add", "--all").in(checkout().toString()));
      succeed(
          ShellCommand.of("git", "-c", "user.name=ann", "-c", "user.email=ann@localhost")
              .with("commit", "--quiet", "--allow-empty", "--message=Empty")
              .in(checkout().toString()));
      return succeed(commands().git().head()).strip();
    }

    @Test
    void readsAMissingLedgerAsEmptyAndAppendsLines() throws IOException {
      succeed(commands().prepareState());
      assertThat(succeed(commands().readLedger())).isEmpty();

      succeed(commands().appendLedger("{\"at\":\"it's $(id) \\\\n\"}"));
      succeed(commands().appendLedger("second"));

      assertThat(succeed(commands().readLedger()))
          .isEqualTo("{\"at\":\"it's $(id) \\\\n\"}\nsecond\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "'{\"a\":1};' | '{\"a\":1};{\"b\":2};'",
          "'{\"a\":1}' | '{\"a\":1};{\"b\":2};'",
          "'{\"a\":1};{\"to' | '{\"a\":1};{\"b\":2};'",
          "'{\"torn' | '{\"b\":2};'",
          "'{\"a\":1};{\"torn at an ä' | '{\"a\":1};{\"b\":2};'"
        })
    void putsAnEventInPlaceOfHalfAnother(String before, String after) throws IOException {
      succeed(commands().prepareState());
      Path ledger = Path.of(commands().ledgerFile());
      Files.writeString(ledger, before.replace(';', '\n'));

      succeed(commands().appendLedger("{\"b\":2}"));

      assertThat(ledger).hasContent(after.replace(';', '\n'));
    }

    @Test
    void leavesNoHalfEventWhereThereIsNoRoomForAWholeOne() throws IOException {
      succeed(commands().prepareState());
      Path ledger = Path.of(commands().ledgerFile());
      String before = "x".repeat(600) + "}\n";
      Files.writeString(ledger, before);
      ShellCommand append = commands().appendLedger("y".repeat(9000) + "}");
      List<String> words = append.arguments();

      CommandResult result =
          shell.run(
              ShellCommand.of("sh", "-c", "trap '' XFSZ; ulimit -f 4; " + words.get(2))
                  .with(words.subList(3, words.size()))
                  .reading(append.input().orElseThrow()),
              Duration.ofSeconds(20));

      assertThat(result.succeeded()).isFalse();
      assertThat(result.standardError()).contains("File too large");
      assertThat(ledger).hasContent(before);
    }

    @Test
    void keepsLinesThatAreNotUtf8() throws IOException {
      Path file = checkout().resolve(".env");
      byte[] latin = "PASSWORD=gr\u00fcn\nTAG=old\n".getBytes(StandardCharsets.ISO_8859_1);
      Files.write(file, latin);

      String names =
          succeed(
              commands()
                  .variables()
                  .variableNames(file.toString())
                  .withVariable("LANG", "C.UTF-8"));
      succeed(
          commands()
              .variables()
              .setVariable(file.toString(), "TAG", "new")
              .withVariable("LANG", "C.UTF-8"));

      assertThat(names).isEqualTo("PASSWORD\nTAG\n");
      assertThat(Files.readAllBytes(file))
          .isEqualTo("PASSWORD=gr\u00fcn\nTAG=new\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "'' | TAG=new;",
          "'TAG=old;' | TAG=new;",
          "'A=1;TAG=old;B=2;' | A=1;B=2;TAG=new;",
          "'TAG=one;A=1;TAG=two;' | A=1;TAG=new;",
          "'MY_TAG=old;TAGS=2;# TAG=x;' | MY_TAG=old;TAGS=2;# TAG=x;TAG=new;",
          "'A=without a line end' | A=without a line end;TAG=new;",
          "'PASSWORD=$x`y\\z''\"%s;' | PASSWORD=$x`y\\z'\"%s;TAG=new;"
        })
    void setsOneVariableAndKeepsTheRest(String before, String after) throws IOException {
      Path file = checkout().resolve(".env");
      Files.writeString(file, before.replace(';', '\n'));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      Object owner = Files.getAttribute(file, "unix:uid");

      succeed(commands().variables().setVariable(file.toString(), "TAG", "new"));

      assertThat(file).hasContent(after.replace(';', '\n'));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-r-----");
      assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(owner);
      try (var files = Files.list(checkout())) {
        assertThat(files.map(each -> each.getFileName().toString()))
            .containsExactlyInAnyOrder(".env", ".git");
      }
    }

    @Test
    void createsTheVariableFileForItsOwnerAlone() throws IOException {
      Path file = checkout().resolve(".env");

      succeed(commands().variables().setVariable(file.toString(), "TAG", "a b$c"));

      assertThat(file).hasContent("TAG=a b$c\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    /** With a disk that is full, and with a signal, while the new file is being written. */
    @ParameterizedTest
    @ValueSource(strings = {"exit 1", "kill -TERM $PPID; exit 1"})
    void leavesNoHalfVariableFile(String trouble) throws IOException {
      Path file = Files.writeString(checkout().resolve(".env"), "A=1\n");
      Path programs = Files.createDirectory(folder.resolve("programs"));
      for (String program : List.of("mv", "cat")) {
        Path broken = Files.writeString(programs.resolve(program), "#!/bin/sh\n" + trouble + "\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));
      }
      String path = programs + ":" + System.getenv("PATH");
      for (ShellCommand command :
          List.of(
              commands().variables().setVariable(file.toString(), "TAG", "new"),
              commands()
                  .variables()
                  .addVariables(file.toString(), Secret.of("SECRET_KEY=swordfish\n")))) {
        assertThat(
                shell.run(command.withVariable("PATH", path), Duration.ofSeconds(10)).succeeded())
            .isFalse();
        assertThat(file).hasContent("A=1\n");
        assertThat(file.resolveSibling(".env.slipway")).doesNotExist();
      }
    }

    @Test
    void tellsWhetherEveryUserMayReadAFile() throws IOException {
      Path file = Files.writeString(checkout().resolve(".env"), "A=1\n");
      ShellCommand asked = commands().variables().othersMayRead(file.toString());
      for (String mode : List.of("rw-------", "rw-r-----", "rw----r--", "rw-r--r--")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThat(shell.run(asked, Duration.ofSeconds(10)).succeeded())
            .as(mode)
            .isEqualTo(mode.endsWith("r--"));
      }
      Files.delete(file);
      assertThat(shell.run(asked, Duration.ofSeconds(10)).succeeded()).isFalse();
    }

    @Test
    void followsALinkToTheVariableFile() throws IOException {
      Path real = Files.writeString(folder.resolve("real.env"), "A=1\n");
      Path link = Files.createSymbolicLink(checkout().resolve(".env"), real);

      succeed(commands().variables().setVariable(link.toString(), "TAG", "new"));

      assertThat(link).isSymbolicLink();
      assertThat(real).hasContent("A=1\nTAG=new\n");
    }

    @Test
    void readsAVariableFileOrNothing() throws IOException {
      Path file = checkout().resolve(".env");
      assertThat(succeed(commands().variables().readVariables(file.toString()))).isEmpty();
      Files.writeString(file, "A=it's\n");
      assertThat(succeed(commands().variables().readVariables(file.toString())))
          .isEqualTo("A=it's\n");
    }

    @Test
    void readsFilesBesideEachOtherAndLeavesALineForOneThatIsMissing() throws IOException {
      Files.writeString(checkout().resolve("-n it's.env"), "A=1\nB=\u00fc\n");
      Files.createDirectory(checkout().resolve("folder"));
      Path absolute = Files.writeString(folder.resolve("password"), "x".repeat(70_000));

      List<String> lines =
          succeed(
                  commands()
                      .variables()
                      .readFiles(
                          checkout().toString(),
                          List.of("-n it's.env", "gone", "folder", absolute.toString())))
              .lines()
              .toList();

      assertThat(lines).hasSize(4);
      assertThat(Base64.getDecoder().decode(lines.get(0)))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("A=1\nB=\u00fc\n");
      assertThat(lines.subList(1, 3)).containsExactly("", "");
      assertThat(Base64.getDecoder().decode(lines.get(3))).hasSize(65_536);
    }

    @Test
    void namesTheKeysOfAVariableFileThatComposeReadsAndShowsNoValue() throws IOException {
      String text =
          """
          \uFEFFFIRST=1
          # COMMENT=1
          SECRET_KEY=swordfish
            POSTGRES_PASSWORD=a=b=
          not a key
          export SMTP_PASSWORD=x
          SPACED = y
          COLON: z
          QUOTED="q"
          WINDOWS=w\r
          """;
      Path file = Files.writeString(checkout().resolve(".env"), text);

      assertThat(succeed(commands().variables().variableNames(file.toString())).lines().toList())
          .isEqualTo(EnvironmentVariable.in(text).stream().map(EnvironmentVariable::name).toList());
    }

    @Test
    @EnabledIf("dev.slipway.command.HostCommandsTest#isRoot")
    void tellsOfACheckoutThatGitDoesNotTrust() throws IOException {
      commit();
      ShellCommand place =
          commands()
              .git()
              .place()
              .withVariable("HOME", folder.toString())
              .withVariable("SUDO_UID", "");
      assertThat(succeed(place)).isEqualTo("checkout\n");

      Files.setAttribute(checkout(), "unix:uid", 65_534);

      assertThat(succeed(place)).isEqualTo("untrusted\n");
    }

    @Test
    void tellsTheTimeInSeconds() throws IOException {
      assertThat(succeed(commands().clock())).matches("\\d{10}\n");
    }
  }
}
