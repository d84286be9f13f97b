package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that touch files, run by this machine's sh in a folder with a hostile name. */
class DatabaseCommandsTest {

  private static final String NAME = "20260114T093000Z-4f2a91c07b3d-0011.dump";

  @TempDir private Path folder;
  private Path backups = Path.of("");
  private DatabaseCommands commands = new DatabaseCommands("/");

  @BeforeEach
  void hostileFolder() {
    Path checkout = folder.resolve("it's $(touch hacked) a \"folder\"");
    commands = new DatabaseCommands(checkout.toString());
    backups = Path.of(commands.folder());
    run(commands.prepare());
  }

  private String run(ShellCommand command) {
    CommandResult result = new LocalProcess().run(command, Duration.ofSeconds(20));
    assertThat(result.succeeded()).as(result.tail(3)).isTrue();
    return result.standardOutput();
  }

  @Test
  void keepsOthersOut() throws IOException {
    assertThat(Files.getPosixFilePermissions(backups)).hasSize(3);
    assertThat(Files.getPosixFilePermissions(backups.getParent())).hasSize(3);
  }

  @Test
  void givesAFileItsNameAndAChecksumThatIsRight() throws IOException {
    Files.writeString(backups.resolve(NAME + ".part"), "rows");

    run(commands.checksum(NAME));
    run(
        commands.note(
            NAME, "fact rows public.a 1\nfact rows public.b 2\nproof restore\nbefore a restore\n"));
    run(commands.finish(NAME));

    assertThat(run(commands.list(true))).isEqualTo(NAME + "\t4\tgood\t2\t1\n");
    assertThat(run(commands.list(false))).isEqualTo(NAME + "\t4\tunchecked\t2\t1\n");
    assertThat(run(commands.facts(NAME))).startsWith("fact rows public.a 1\n");
    Files.writeString(backups.resolve(NAME), "rowz");
    assertThat(run(commands.list(true))).isEqualTo(NAME + "\t4\tbad\t2\t1\n");
    run(commands.remove(NAME));
    assertThat(backups).isEmptyDirectory();
  }

  @Test
  void listsWhatLacksItsChecksumAndNothingWithoutAFolder() throws IOException {
    Files.writeString(backups.resolve("by hand.dump"), "x");

    assertThat(run(commands.list(true))).isEqualTo("by hand.dump\t1\tmissing\t\t\n");
    assertThat(run(new DatabaseCommands(folder + "/nowhere").list(true))).isEmpty();
  }

  @Test
  void clearsUnfinishedOnesAway() throws IOException {
    Files.writeString(backups.resolve(NAME + ".part"), "half");
    Files.writeString(backups.resolve(NAME), "whole");

    run(commands.prepare());

    assertThat(backups.resolve(NAME + ".part")).doesNotExist();
    assertThat(backups.resolve(NAME)).exists();
  }

  @Test
  void watchesACommandWithItsFolderAndVariables() {
    ShellCommand own =
        ShellCommand.of("docker", "compose", "run").in("/opt/x").withVariable("TAG", "1");

    ShellCommand watched = commands.watched(own, "x-run", "id", 5);

    assertThat(watched.arguments()).endsWith("docker", "compose", "run");
    assertThat(watched.directory()).isEqualTo(Optional.of("/opt/x"));
    assertThat(watched.environment()).containsEntry("TAG", "1");
  }

  @Test
  void watchesACommandOfAnAccountThatNeedsSudo() {
    ShellCommand own = ShellCommand.of("docker-compose", "run");

    ShellCommand watched = DockerAccess.SUDO.apply(commands.watched(own, "x-run", "id", 5));

    assertThat(watched.arguments()).endsWith("sudo", "-n", "-E", "docker-compose", "run");
    assertThat(watched.arguments().get(2)).startsWith("docker() { sudo -n -E docker");
  }

  @Test
  void namesNoValueInsideAScript() {
    List<ShellCommand> all =
        List.of(
            commands.release("id", "a'; drop"),
            commands.exchange("id", "name", "a'; drop", "b", "c"),
            commands.createBeside("id", "a'; drop", "b"),
            commands.restoreInto("id", "/file", "a'; drop"));

    assertThat(all)
        .allSatisfy(
            command -> {
              int script = command.arguments().indexOf("-c") + 1;
              assertThat(command.arguments().get(script)).doesNotContain("drop;", "a'; drop");
              assertThat(command.arguments()).anyMatch(word -> word.matches(".*a\\\\?'; drop'?"));
            });
  }
}
