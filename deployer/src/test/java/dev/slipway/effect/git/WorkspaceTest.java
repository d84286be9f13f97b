package dev.slipway.effect.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  @TempDir private Path root;

  private Path folder(String path) throws IOException {
    return Files.createDirectories(root.resolve(path));
  }

  @Test
  void takesTheFolderThatWasNamed() throws IOException {
    Path named = folder("somewhere/else");

    assertThat(Workspace.of(root, Optional.of("somewhere/else")).platform()).isEqualTo(named);
    assertThat(Workspace.of(root, Optional.of(named.toString())).platform()).isEqualTo(named);
  }

  @Test
  void takesTheRootWhenAComposeFileStandsThere() throws IOException {
    folder("fixtures/platform");
    Files.writeString(root.resolve("docker-compose.prod.yml"), "");

    assertThat(Workspace.of(root, Optional.empty()).platform()).isEqualTo(root);
    assertThat(Workspace.of(root, Optional.of(" ")).platform()).isEqualTo(root);
    assertThat(Workspace.of(root, Optional.empty()).verification()).isEqualTo("mvn verify");
  }

  @Test
  void takesTheSampleOtherwise() throws IOException {
    Path sample = folder("fixtures/platform");

    Workspace workspace = Workspace.of(root.resolve("fixtures/.."), Optional.empty());

    assertThat(workspace.platform()).isEqualTo(sample);
    assertThat(workspace.verdictFile()).isEqualTo(root.resolve("target/slipway/verdict.json"));
    assertThat(workspace.releaseFile()).isEqualTo(root.resolve("target/slipway/release.json"));
    assertThat(workspace.verification()).isEqualTo("mvn verify");
    assertThat(workspace.withOutput(root).verdictFile()).isEqualTo(root.resolve("verdict.json"));
  }

  private Path repository(String path, String... files) throws IOException {
    folder(path + "/.git");
    for (String file : files) {
      Files.writeString(folder(path).resolve(file), "");
    }
    return root.resolve(path).toRealPath();
  }

  private Path from(String here) throws IOException {
    return Workspace.of(root.resolve("slipway"), Optional.empty(), folder(here)).platform();
  }

  @Test
  void takesThePlatformOfTheRepositoryThatItIsStartedIn() throws IOException {
    repository("slipway");
    Path sample = folder("slipway/fixtures/platform");
    Path compose = repository("plat", "docker-compose.prod.yml");
    Path settings = repository("shop", "slipway.yml");
    Files.writeString(folder("shop/deploy").resolve("docker-compose.prod.yml"), "");

    assertThat(from("plat")).isEqualTo(compose);
    assertThat(from("plat/backend/app")).isEqualTo(compose);
    assertThat(from("shop/deploy")).isEqualTo(settings);
    assertThat(
            Workspace.of(
                    root.resolve("slipway"), Optional.of(sample.toString()), root.resolve("plat"))
                .platform())
        .isEqualTo(sample);
  }

  @Test
  void takesTheSampleInSlipwaysOwnCheckoutOnly() throws IOException {
    repository("slipway");
    Path sample = folder("slipway/fixtures/platform");
    Files.writeString(sample.resolve("docker-compose.prod.yml"), "");
    Files.writeString(folder("slipway/fixtures/other").resolve("slipway.yml"), "");

    assertThat(from("slipway")).isEqualTo(sample);
    assertThat(from("slipway/fixtures/platform")).isEqualTo(sample);
    assertThat(from("slipway/fixtures/other")).isEqualTo(sample);
  }

  @Test
  void takesNoOtherPlatformForAnotherFolder() throws IOException {
    repository("slipway");
    folder("slipway/fixtures/platform");
    repository("slipway/target/clone");
    repository("notes");

    for (String here : List.of("notes", "nothing", "slipway/target/clone", ".")) {
      assertThatThrownBy(() -> from(here))
          .hasMessage(
              "No platform here: neither slipway.yml nor docker-compose.prod.yml in "
                  + root.resolve(here).toRealPath()
                  + " or its repository's root.")
          .asInstanceOf(InstanceOfAssertFactories.throwable(SlipwayException.class))
          .satisfies(refusal -> assertThat(refusal.advice()).contains("--platform DIR"))
          .extracting(SlipwayException::exitCode)
          .isEqualTo(ExitCode.REFUSED);
    }
  }

  @Test
  void takesThePlatformOfTheRepositoryThatHoldsSlipway() throws IOException {
    Path platform = repository("shop", "docker-compose.prod.yml");
    Path slipway = folder("shop/slipway");
    Path sample = folder("shop/slipway/fixtures/platform");

    assertThat(Workspace.of(slipway, Optional.empty(), platform).platform()).isEqualTo(platform);
    assertThat(Workspace.of(slipway, Optional.empty(), slipway).platform()).isEqualTo(sample);
  }

  @Test
  void refusesAnOutputFolderThatCannotBeMade() throws IOException {
    folder("fixtures/platform");
    Files.writeString(root.resolve("target"), "a file");

    assertThatThrownBy(() -> Workspace.of(root, Optional.empty()).requireOutput())
        .hasMessageContaining(root.resolve("target/slipway") + " cannot be written: ")
        .asInstanceOf(InstanceOfAssertFactories.throwable(SlipwayException.class))
        .extracting(SlipwayException::exitCode)
        .isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void verifiesAnotherFolderByItsName() throws IOException {
    Path other = folder("platform-v2");

    assertThat(Workspace.of(root, Optional.of("platform-v2")).verification())
        .isEqualTo("bin/verify --platform " + other);
  }

  @Test
  void refusesAFolderThatDoesNotExist() {
    assertThatThrownBy(() -> Workspace.of(root, Optional.of("nowhere")))
        .hasMessage("The platform's folder " + root.resolve("nowhere") + " does not exist.")
        .asInstanceOf(InstanceOfAssertFactories.throwable(SlipwayException.class))
        .extracting(SlipwayException::exitCode)
        .isEqualTo(ExitCode.REFUSED);
  }
}
