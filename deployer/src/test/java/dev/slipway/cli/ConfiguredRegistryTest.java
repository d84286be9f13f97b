package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.docker.PretendEngine;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.http.registry.PretendRegistry;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.publish.ServedImages;
import dev.slipway.publish.ServedImages.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which images are taken from the registry, which has those of the first commit. */
@Timeout(60)
class ConfiguredRegistryTest {

  private static final String COMPOSE =
      """
      services:
        postgres: {image: "postgres:15"}
        redis: {image: "redis:7.0"}
        backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
        frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
        nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"]}
      """;

  @TempDir private Path folder;
  @AutoClose private final PretendRegistry registry = new PretendRegistry();
  @AutoClose private final PretendEngine pretended = new PretendEngine();
  @AutoClose private final DockerEngine engine = DockerEngine.connect();
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void aFirstCommit() throws IOException {
    variables.put("REGISTRY", registry.name() + "/shop");
    write("docker-compose.prod.yml", COMPOSE);
    write("backend/alembic.ini", "[alembic]\n");
    for (String service : new String[] {"backend", "frontend", "nginx"}) {
      write(service + "/Dockerfile", "FROM scratch\n");
    }
    git("init", "--quiet");
    commit();
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), text);
  }

  private void commit() {
    git("add", "--all");
    git("-c", "user.name=ann", "-c", "user.email=ann@localhost", "commit", "-q", "-m", "All");
  }

  private void git(String... words) {
    CommandResult result =
        new LocalProcess()
            .run(ShellCommand.of("git").with(words).in(folder.toString()), Duration.ofSeconds(30));
    assertThat(result.succeeded()).as(result.tail(5)).isTrue();
  }

  private GitRepository repository() {
    return new GitRepository(new LocalProcess(), folder);
  }

  private ImageBuild backendOf(String commit) {
    Platform platform = CommittedPlatform.read(repository(), commit, Map.of());
    return ImageBuild.of(
        repository(), platform, platform.built(Role.BACKEND).orElseThrow(), commit, folder);
  }

  private ImageBuild backend() {
    return backendOf(repository().head());
  }

  private Taken take(ImageBuild build) {
    Workspace workspace = Workspace.of(folder, Optional.empty());
    ServedImages served = ConfiguredRegistry.servedImages(workspace, variables);
    return served.take("backend", build, engine, line -> {});
  }

  private static Taken toBuild(String why) {
    return new Taken(Optional.empty(), Optional.of(why));
  }

  @Test
  void takesWhatNothingHasChangedSince() throws IOException {
    String digest = registry.tag("latest", "amd64", backend().labels());
    write("frontend/index.html", "<h1>New</h1>");
    commit();
    ImageBuild build = backend();

    Taken taken = take(build);

    String pinned = registry.name() + "/shop/backend@" + digest;
    assertThat(taken).isEqualTo(new Taken(Optional.of(pinned), Optional.empty()));
    assertThat(pretended.changes).hasSize(2).first().asString().startsWith(pinned + "/pull");
    assertThat(pretended.changes.get(1))
        .isEqualTo(pinned + "/tag repo=%s&tag=%s".formatted((Object[]) build.name().split(":", 2)));
  }

  @Test
  void takesNothingThatHasChangedSince() throws IOException {
    registry.tag("latest", "amd64", backend().labels());
    write("backend/main.py", "print()");
    commit();

    assertThat(take(backend())).isEqualTo(toBuild("what serves was built from other sources"));
    assertThat(pretended.changes).isEmpty();
  }

  @Test
  void takesNothingThatIsBeingChanged() throws IOException {
    registry.tag("latest", "amd64", backend().labels());
    write("backend/main.py", "print()");
    ImageBuild snapshot = backendOf(repository().snapshot(folder.resolve(".git/snapshot")));

    assertThat(take(snapshot).id()).isEmpty();
  }

  @Test
  void takesNothingThatGotItsVersionByAnotherName() throws IOException {
    registry.tag("latest", "amd64", backend().labels());
    write("slipway.yml", "build: {version-argument: RELEASE}\n");
    commit();

    assertThat(take(backend())).isEqualTo(toBuild("what serves was built from other sources"));
  }

  @Test
  void takesNothingForAnotherArchitecture() {
    registry.tag("latest", "arm64", backend().labels());

    assertThat(take(backend())).isEqualTo(toBuild("what serves is for arm64"));
  }

  @Test
  void takesNothingBeforeTheFirstRelease() {
    assertThat(take(backend()))
        .isEqualTo(toBuild(registry.name() + "/shop/backend has no latest yet"));
  }

  @Test
  void takesNothingFromARegistryThatIsSilent() {
    registry.close();

    assertThat(take(backend()).why().orElseThrow()).contains(" does not answer here: ");
  }

  @Test
  void takesNothingWhereFreshImagesAreAskedFor() {
    registry.tag("latest", "amd64", backend().labels());
    variables.put("SLIPWAY_BUILD", "fresh");

    assertThat(take(backend())).isEqualTo(toBuild("SLIPWAY_BUILD=fresh asks for it"));
  }

  @Test
  void saysNothingOfARegistryThatNobodyConfigured() {
    variables.clear();

    assertThat(take(backend())).isEqualTo(new Taken(Optional.empty(), Optional.empty()));
  }
}
