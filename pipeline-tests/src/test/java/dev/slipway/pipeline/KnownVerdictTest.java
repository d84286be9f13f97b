package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownVerdictTest {

  private static final String PROVED = "sha256:proved";
  private static final Set<String> NO_IMAGE = Set.of();

  @TempDir Path folder;
  private Workspace workspace;
  private String commit;

  @BeforeEach
  void commitAPlatform() {
    Path platform = folder.resolve("checkout/platform");
    Folders.write(platform.resolve("app.py"), "print('one')\n");
    Folders.write(folder.resolve("checkout/other/app.py"), "print('other')\n");
    git("init", "--quiet");
    commit = commit("One");
    workspace = workspace("platform");
  }

  @Test
  void sparesACommitWhoseImagesAreStillHere() {
    Verdict verdict = write(verdict(commit, true));

    assertThat(find(Set.of(PROVED))).contains(verdict);
  }

  @Test
  void sparesACommitWhoseImagesArePublishedFromTheSameIds() {
    Verdict verdict = write(verdict(commit, true));
    Folders.write(workspace.releaseFile(), Json.page(release(commit, PROVED)));

    assertThat(find(NO_IMAGE)).contains(verdict);
  }

  @Test
  void sparesNothingWithoutAVerdict() {
    assertThat(find(Set.of(PROVED))).isEmpty();
  }

  @Test
  void sparesNothingWhenTheWorkingTreeIsNotTheCommit() {
    write(verdict(commit, true));
    Folders.write(workspace.platform().resolve("app.py"), "print('two')\n");

    assertThat(find(Set.of(PROVED))).isEmpty();
  }

  @Test
  void sparesNoOtherCommit() {
    write(verdict(commit, true));
    Folders.write(workspace.platform().resolve("app.py"), "print('two')\n");
    commit("Two");

    assertThat(find(Set.of(PROVED))).isEmpty();
  }

  @Test
  void sparesNoOtherPlatformOfTheSameCommit() {
    write(verdict(commit, true));

    assertThat(KnownVerdict.find(workspace("other"), Set.of(PROVED)::containsAll)).isEmpty();
  }

  @Test
  void sparesNoRedCommit() {
    write(verdict(commit, false));

    assertThat(find(Set.of(PROVED))).isEmpty();
  }

  @Test
  void sparesNothingWhenTheImagesAreGone() {
    write(verdict(commit, true));

    assertThat(find(NO_IMAGE)).isEmpty();
  }

  @Test
  void sparesNothingWhenOtherImagesWerePublishedAndThoseAreGone() {
    write(verdict(commit, true));
    Folders.write(workspace.releaseFile(), Json.page(release(commit, "sha256:another")));

    assertThat(find(Set.of("sha256:another"))).isEmpty();
  }

  @Test
  void sparesNothingWhenAnotherCommitWasPublishedAndTheImagesAreGone() {
    write(verdict(commit, true));
    Folders.write(workspace.releaseFile(), Json.page(release("another", PROVED)));

    assertThat(find(NO_IMAGE)).isEmpty();
  }

  @Test
  void readsAGarbledVerdictAsNone() {
    Folders.write(workspace.verdictFile(), "{\"commit\":");

    assertThat(find(Set.of(PROVED))).isEmpty();
  }

  @Test
  void sparesNothingBesideAGarbledRelease() {
    write(verdict(commit, true));
    Folders.write(workspace.releaseFile(), "{\"commit\":");

    assertThat(find(Set.of(PROVED))).isEmpty();
  }

  @Test
  void looksForNoneUnlessAskedTo() {
    write(verdict(commit, true));

    assertThat(KnownVerdict.find(name -> Optional.empty())).isEmpty();
    assertThat(KnownVerdict.find(name -> Optional.of("false"))).isEmpty();
  }

  private Optional<Verdict> find(Set<String> images) {
    return KnownVerdict.find(workspace, images::containsAll);
  }

  private Workspace workspace(String platform) {
    return Workspace.of(folder.resolve("checkout"), Optional.of(platform))
        .withOutput(folder.resolve("output"));
  }

  private Verdict write(Verdict verdict) {
    Folders.write(workspace.verdictFile(), Json.page(verdict));
    return verdict;
  }

  private static Verdict verdict(String commit, boolean passed) {
    return new Verdict(
        commit,
        true,
        "platform/",
        passed,
        Map.of("backend", new BuiltImage(PROVED, commit)),
        Optional.of("0001"),
        List.of(new SuiteResult("lint", "LintIT", 1, passed ? 0 : 1, 0, 0)),
        Instant.EPOCH);
  }

  private static ReleaseManifest release(String commit, String image) {
    return new ReleaseManifest(
        commit,
        Optional.of(commit),
        Map.of(
            "backend",
            new ReleasedImage("registry.example/backend", commit, Optional.of("sha256:1"), image)),
        Optional.of("0001"),
        Map.of(),
        Instant.EPOCH);
  }

  private String commit(String message) {
    git("add", "--all");
    git(
        "-c",
        "user.name=slipway",
        "-c",
        "user.email=slipway@localhost",
        "commit",
        "--quiet",
        "--message",
        message);
    return new GitRepository(new LocalProcess(), folder.resolve("checkout")).head();
  }

  private void git(String... words) {
    CommandResult result =
        new LocalProcess()
            .run(
                ShellCommand.of("git").with(words).in(folder.resolve("checkout").toString()),
                Duration.ofMinutes(1));
    assertThat(result.succeeded()).withFailMessage(() -> result.tail(5)).isTrue();
  }
}
