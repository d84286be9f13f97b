package dev.slipway.effect.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitRepositoryTest {

  @TempDir private Path folder;
  private final LocalProcess shell = new LocalProcess();
  private Path root = Path.of("");
  private GitRepository platform = new GitRepository(shell, root);

  @BeforeEach
  void makeARepositoryWithAPlatformInIt() throws IOException {
    root = Files.createDirectory(folder.resolve("repository"));
    git("init", "--quiet", "--initial-branch=main", ".");
    write("fixtures/platform/backend/main.py", "print(1)\n");
    write("fixtures/platform/frontend/index.html", "<html>\n");
    write("fixtures/platform/.gitignore", "*.log\n");
    write("README.md", "read me\n");
    commit("first");
    platform = new GitRepository(shell, root.resolve("fixtures/platform"));
  }

  private String git(String... words) {
    ShellCommand command =
        ShellCommand.of("git", "-c", "user.name=t", "-c", "user.email=t@localhost")
            .with(words)
            .in(root.toString());
    CommandResult result = shell.run(command, Duration.ofSeconds(20));
    assertThat(result.succeeded()).as(result.tail(5)).isTrue();
    return result.standardOutput().strip();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String commit(String message) {
    git("add", "--all");
    git("commit", "--quiet", "-m", message);
    return git("rev-parse", "HEAD");
  }

  @Test
  void tellsGitsOwnFixForTheRepositoryOfSomebodyElse() {
    Shell elsewhere =
        (command, deadline, lines) ->
            shell.run(
                command.withVariable("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), deadline, lines);

    assertThatThrownBy(() -> new GitRepository(elsewhere, root).head())
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("Git does not read the repository of " + root)
        .hasMessageContaining("dubious ownership")
        .extracting(refused -> ((SlipwayException) refused).advice())
        .isEqualTo("If you trust it, run `git config --global --add safe.directory " + root + "`.");
  }

  @Test
  void knowsHeadParentAndItsFolder() throws IOException {
    String first = platform.head();
    write("README.md", "again\n");
    String second = commit("second");

    assertThat(platform.head()).isEqualTo(second);
    assertThat(platform.parent(second)).contains(first);
    assertThat(platform.parent(first)).isEmpty();
    assertThat(platform.prefix()).isEqualTo("fixtures/platform/");
    assertThat(new GitRepository(shell, root).prefix()).isEmpty();
  }

  @Test
  void refusesAFolderWithoutACommit() {
    assertThatThrownBy(() -> new GitRepository(shell, folder).head())
        .isInstanceOf(SlipwayException.class)
        .hasMessageEndingWith("is not inside a git repository with a commit.");
  }

  @Test
  void findsTheLastCommitThatChangedAService() throws IOException {
    String first = platform.head();
    write("fixtures/platform/frontend/index.html", "<html>new\n");
    String second = commit("frontend");
    write("README.md", "again\n");
    String third = commit("readme");

    assertThat(platform.lastChange(third, "backend")).contains(first);
    assertThat(platform.lastChange(third, "frontend")).contains(second);
    assertThat(platform.lastChange(first, "frontend")).contains(first);
    assertThat(platform.lastChange(third, "nginx")).isEmpty();
  }

  @Test
  void readsFilesAsACommitHasThem() throws IOException {
    String first = platform.head();
    write("fixtures/platform/backend/main.py", "print(2)\n");
    write("fixtures/platform/backend/grüße.py", "\n");
    String second = commit("second");

    assertThat(platform.show(first, "backend/main.py")).contains("print(1)\n");
    assertThat(platform.show(second, "backend/main.py")).contains("print(2)\n");
    assertThat(platform.show(second, "backend/none.py")).isEmpty();
    assertThat(platform.files(second))
        .containsExactly(
            ".gitignore", "backend/grüße.py", "backend/main.py", "frontend/index.html");
  }

  @Test
  void takesNoFileForNewThatTheOlderCommitHasWithAnotherCommentOrName() throws IOException {
    write("fixtures/platform/versions/a.py", "revision = 'a'\n" + "pass\n".repeat(9));
    write("fixtures/platform/versions/b.py", "revision: str = 'b'\n" + "print()\n".repeat(9));
    write("fixtures/platform/versions/c.py", "revision = 'c'\n" + "return\n".repeat(9));
    String older = commit("revisions");
    git("mv", "fixtures/platform/versions/a.py", "fixtures/platform/versions/0001_a.py");
    write(
        "fixtures/platform/versions/b.py", "# why\nrevision: str = 'b'\n" + "print()\n".repeat(9));
    git("mv", "fixtures/platform/versions/c.py", "fixtures/platform/versions/d.py");
    write("fixtures/platform/versions/d.py", "revision = 'd'\n" + "return\n".repeat(9));
    write("fixtures/platform/versions/e.py", "revision = 'e'\n");
    String commit = commit("more");

    assertThat(platform.addedSince(older, commit, "^revision *[:=]"))
        .containsExactly("versions/d.py", "versions/e.py");
    assertThat(platform.changedSince(older, commit)).contains("versions/b.py");
  }

  @Test
  void findsTheLinesOfAKindByFileHoweverGitIsSet() throws IOException {
    write(
        "fixtures/platform/versions/größe.py",
        "x = 1\nrevision: str = 'a'\ndown_revision = None\n");
    write("fixtures/platform/notes.txt", "revision = 'b'\n");
    write("other.py", "revision = 'c'\n");
    String commit = commit("revisions");
    git("config", "grep.lineNumber", "true");
    git("config", "grep.fullName", "true");
    git("config", "color.ui", "always");

    assertThat(platform.lines(commit, "^(down_)?revision *[:=]", "*.py"))
        .isEqualTo(
            Map.of("versions/größe.py", List.of("revision: str = 'a'", "down_revision = None")));
    assertThat(platform.lines(commit, "^nothing", "*.py")).isEmpty();
  }

  @Test
  void tellsChangesBelowTheFolderAlone() throws IOException {
    assertThat(platform.changes()).isEmpty();
    write("README.md", "not the platform\n");
    write("fixtures/platform/backend/main.py", "print(2)\n");
    write("fixtures/platform/backend/new.py", "\n");
    write("fixtures/platform/backend/noise.log", "\n");

    assertThat(platform.changes())
        .containsExactly(
            " M fixtures/platform/backend/main.py", "?? fixtures/platform/backend/new.py");
  }

  @Test
  void pushesToAnAddressThatLooksLikeAnOption() {
    assertThatThrownBy(() -> platform.push("--receive-pack=touch escaped", platform.head(), "main"))
        .isInstanceOf(SlipwayException.class);
    assertThatThrownBy(() -> platform.push("-v", platform.head(), "main:refs/heads/--force"))
        .isInstanceOf(SlipwayException.class);
    assertThat(root.resolve("fixtures/platform")).isDirectoryNotContaining("glob:**escaped");
  }

  @Test
  void knowsACommitByItsNames() {
    git("tag", "--annotate", "--message", "one", "v1");

    assertThat(platform.commit("main")).contains(platform.head());
    assertThat(platform.commit("v1")).contains(platform.head());
    assertThat(platform.commit(platform.head().substring(0, 8))).contains(platform.head());
    assertThat(platform.commit("nope")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--output=escaped", "--remote=ext::touch escaped", "-x", ""})
  void takesNoOptionForACommit(String commit) {
    for (ThrowingCallable asked :
        List.<ThrowingCallable>of(
            () -> platform.changedSince(commit, "HEAD"),
            () -> platform.addedSince(commit, "HEAD", "^"),
            () -> platform.commit(commit),
            () -> platform.parent(commit),
            () -> platform.show(commit, "README"),
            () -> platform.files(commit),
            () -> platform.lastChange(commit, "."),
            () -> platform.export(commit, folder.resolve("target")))) {
      assertThatThrownBy(asked).hasMessageContaining("'" + commit + "' names no commit");
    }
  }

  @Test
  void takesASnapshotAndLeavesIndexBranchesAndFilesAlone() throws IOException {
    write("fixtures/platform/backend/main.py", "print('changed')\n");
    write("fixtures/platform/backend/new.py", "new\n");
    write("fixtures/platform/backend/noise.log", "ignored\n");
    Files.delete(root.resolve("fixtures/platform/frontend/index.html"));
    write("README.md", "changed, but not in the platform\n");
    write("fixtures/platform/staged.py", "staged\n");
    git("add", "fixtures/platform/staged.py");
    String head = platform.head();
    String statusBefore = git("status", "--porcelain");
    String indexBefore = git("ls-files", "--stage");
    String branchesBefore = git("for-each-ref");

    String snapshot = platform.snapshot(folder.resolve("index"));

    assertThat(platform.files(snapshot))
        .containsExactly(".gitignore", "backend/main.py", "backend/new.py", "staged.py");
    assertThat(platform.show(snapshot, "backend/main.py")).contains("print('changed')\n");
    assertThat(git("show", snapshot + ":README.md")).isEqualTo("read me");
    assertThat(platform.parent(snapshot)).contains(head);
    assertThat(platform.head()).isEqualTo(head);
    assertThat(git("status", "--porcelain")).isEqualTo(statusBefore);
    assertThat(git("ls-files", "--stage")).isEqualTo(indexBefore);
    assertThat(git("for-each-ref")).isEqualTo(branchesBefore);
  }

  @Test
  void exportsTheFolderAsACommitHasItAndNothingBeside() throws IOException {
    write("fixtures/platform/backend/main.py", "not committed\n");
    Path target = Files.createDirectory(folder.resolve("exported"));

    platform.export(platform.head(), target);

    assertThat(target.resolve("backend/main.py")).hasContent("print(1)\n");
    try (var files = Files.list(target)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder(".gitignore", "backend", "frontend");
    }
    assertThat(folder.resolve("exported.export")).doesNotExist();
  }

  @Test
  void exportsWhatAnArchiveWouldLeaveOutAndRunsNoHook() throws IOException {
    write("fixtures/platform/.gitattributes", "backend export-ignore\n");
    write("fixtures/platform/backend/run.sh", "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        root.resolve("fixtures/platform/backend/run.sh"),
        PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.createSymbolicLink(root.resolve("fixtures/platform/link"), Path.of("backend/run.sh"));
    Path hook = root.resolve(".git/hooks/post-checkout");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\ntouch " + folder.resolve("hooked") + "\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    commit("more");
    String status = git("status", "--porcelain");
    String index = git("ls-files", "--stage");
    Path target = Files.createDirectory(folder.resolve("exported"));

    platform.export(platform.head(), target);

    assertThat(target.resolve("backend/main.py")).hasContent("print(1)\n");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(target.resolve("backend/run.sh"))))
        .isEqualTo("rwxr-xr-x");
    assertThat(Files.readSymbolicLink(target.resolve("link"))).hasToString("backend/run.sh");
    assertThat(folder.resolve("hooked")).doesNotExist();
    assertThat(git("status", "--porcelain")).isEqualTo(status);
    assertThat(git("ls-files", "--stage")).isEqualTo(index);
  }

  @Test
  void exportsAFolderWhoseNameIsAPatternOfGits() throws IOException {
    write(":(glob)*/app.py", "print(2)\n");
    String commit = commit("pattern");
    Path target = Files.createDirectory(folder.resolve("exported"));

    new GitRepository(shell, root.resolve(":(glob)*")).export(commit, target);

    assertThat(target.resolve("app.py")).hasContent("print(2)\n");
  }

  @Test
  void refusesToExportTheLinesThatStandForFilesOfGitLfs() throws IOException {
    write(
        "fixtures/platform/frontend/logo.png",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n");
    commit("more");
    Path target = Files.createDirectory(folder.resolve("exported"));

    assertThatThrownBy(() -> platform.export(platform.head(), target))
        .hasMessageContainingAll("Git LFS", "frontend/logo.png")
        .hasMessageNotContaining("main.py");
  }

  @Test
  void sendsACommitToAnotherRepository() {
    git("init", "--quiet", "--bare", folder.resolve("other.git").toString());

    platform.push(folder.resolve("other.git").toString(), platform.head(), "main");

    assertThat(git("--git-dir=" + folder.resolve("other.git"), "rev-parse", "main"))
        .isEqualTo(platform.head());
  }

  @ParameterizedTest
  @CsvSource({
    "https://git.example/a/b.git, https://git.example/a/b.git",
    "https://robot:swordfish@git.example/a.git, https://git.example/a.git",
    "https://robot:sword@fish@git.example/a.git, https://git.example/a.git",
    "https://git.example/a@b.git, https://git.example/a@b.git",
    "git@git.example:a/b.git, git@git.example:a/b.git"
  })
  void tellsTheOriginWithoutCredentials(String url, String told) {
    git("remote", "add", "origin", url);

    assertThat(platform.origin()).contains(told);
  }

  @Test
  void mayHaveNoOrigin() {
    assertThat(platform.origin()).isEmpty();
  }

  @Test
  void isAPlatformsSourceAtACommit() throws IOException {
    write("fixtures/platform/backend/alembic.ini", "not committed\n");

    assertThatThrownBy(() -> CommittedPlatform.read(platform, platform.head(), java.util.Map.of()))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("docker-compose.prod.yml");
    assertThat(List.of("backend/main.py", "backend")).allMatch(this::exists);
    assertThat(exists("backend/alembic.ini")).isFalse();
  }

  private boolean exists(String path) {
    return platform.files(platform.head()).stream()
        .anyMatch(file -> file.equals(path) || file.startsWith(path + "/"));
  }
}
