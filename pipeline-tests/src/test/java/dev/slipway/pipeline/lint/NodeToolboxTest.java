package dev.slipway.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Folders;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeToolboxTest {

  @TempDir Path root;

  @BeforeEach
  void writeAWorkspace() {
    Folders.write(root.resolve("package.json"), "{\"workspaces\": [\"packages/*\"]}");
    Folders.write(root.resolve("package-lock.json"), "{}");
    Folders.write(root.resolve("packages/web/package.json"), "{}");
    Folders.write(root.resolve("packages/shared/package.json"), "{}");
    Folders.write(root.resolve("node_modules/left/package.json"), "{}");
  }

  @Test
  void findsTheLockFileOfTheWorkspaceThatAFrontendIsIn() {
    assertThat(NodeToolbox.home(new SourceFolder(root, "packages/web"))).contains("");
    assertThat(NodeToolbox.home(new SourceFolder(root, "."))).contains("");
  }

  @Test
  void prefersTheLockFileBesideIt() {
    Folders.write(root.resolve("packages/web/yarn.lock"), "");

    assertThat(NodeToolbox.home(new SourceFolder(root, "packages/web"))).contains("packages/web");
  }

  @Test
  void takesNoLockFileAboveThatIsNoWorkspaces() {
    Folders.write(root.resolve("package.json"), "{}");

    assertThat(NodeToolbox.home(new SourceFolder(root, "packages/web"))).isEmpty();
  }

  @Test
  void installsWithTheManifestsOfTheWorkspacesMembers() {
    assertThat(NodeToolbox.files(new SourceFolder(root, "packages/web"), ""))
        .containsOnlyKeys(
            "package.json",
            "package-lock.json",
            "packages/shared/package.json",
            "packages/web/package.json");
  }

  @Test
  void copiesNoOtherManifestsWhereThereIsNoWorkspace() {
    Folders.write(root.resolve("package.json"), "{}");

    assertThat(NodeToolbox.files(new SourceFolder(root, "."), ""))
        .containsOnlyKeys("package.json", "package-lock.json");
  }

  @Test
  void callsTheRootByItsName() {
    assertThat(new SourceFolder(root, ".").title()).isEqualTo("the platform's root");
    assertThat(new SourceFolder(root, "packages/web/").title()).isEqualTo("packages/web");
  }
}
