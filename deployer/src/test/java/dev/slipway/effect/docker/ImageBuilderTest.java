package dev.slipway.effect.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classic builder, which serves where no docker program has BuildKit. */
@Timeout(30)
class ImageBuilderTest {

  private static final String NAME = "slipway.local/backend:1";
  private static final Shell NO_SHELL =
      (command, deadline, lines) -> {
        throw new AssertionError("nothing is to be run: " + command);
      };

  @TempDir private Path folder;
  private final PretendEngine pretended = new PretendEngine();
  private final DockerEngine engine = DockerEngine.connect();
  private final List<String> progress = new ArrayList<>();
  private Path context = Path.of("");

  @BeforeEach
  void aFolder() throws IOException {
    context = Files.createDirectory(folder.resolve("backend"));
  }

  @AfterEach
  void stop() {
    engine.close();
    pretended.close();
  }

  private String build(String dockerfile) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return engine
        .builder(NO_SHELL, List.of(folder))
        .build(ImageBuild.of(context, NAME), progress::add);
  }

  private SlipwayException refusal(String dockerfile) {
    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> build(dockerfile));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refused;
  }

  @Test
  void buildsAPlainDockerfileThroughTheEngine() throws IOException {
    pretended.images.add(NAME);
    pretended.buildSays.addAll(
        List.of(
            Map.of("stream", "Step 1/2 : FROM scratch\n"),
            Map.of("stream", "\n"),
            Map.of("aux", Map.of("ID", "sha256:0123456789abcdef")),
            Map.of("stream", "Successfully built 0123456789ab\n")));

    assertThat(
            build(
                "FROM scratch\n# RUN --mount=type=cache\nCOPY --chown=1 a b\nRUN echo $((1 << 3))\n"))
        .as("the engine's own id of the name that was built")
        .isEqualTo(NAME);

    assertThat(progress)
        .containsExactly("Step 1/2 : FROM scratch", "Successfully built 0123456789ab");
    assertThat(pretended.changes)
        .singleElement()
        .asString()
        .startsWith("build ")
        .contains("t=" + NAME, "forcerm=true");
  }

  @Test
  void showsTheLastLinesOfABuildThatFails() {
    pretended.buildSays.addAll(
        List.of(
            Map.of("stream", "Step 2/2 : RUN pip install nothing\n"),
            Map.of(
                "errorDetail",
                Map.of("message", "returned a non-zero code: 1"),
                "error",
                "returned a non-zero code: 1")));

    SlipwayException refused = refusal("FROM scratch\nRUN pip install nothing\n");

    assertThat(refused.what())
        .startsWith("The image of backend does not build:\n")
        .contains("Step 2/2 : RUN pip install nothing", "returned a non-zero code: 1");
    assertThat(refused.advice()).startsWith("Mend backend/Dockerfile");
  }

  @Test
  void keepsTheReasonOfNpmAndLeavesItsUsageAndBookkeepingOut() {
    String said =
        """
        #7 sha256:419d34a47647d3557dc5ebbc06e2607fb624277b307de57157e87cf04bd64d80
        #7 transferring context: 63.22kB 0.0s done
        #7 DONE 0.1s
        Step 4/5 : RUN npm ci
        npm error code EUSAGE
        npm error
        npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.
        npm error
        npm error Missing: clsx@2.1.1 from lock file
        npm error
        npm error Clean install a project
        npm error
        npm error Usage:
        npm error npm ci
        npm error
        npm error Options:
        npm error [--install-strategy <hoisted|nested|shallow|linked>] [--legacy-bundling]
        #13 16.95 npm error [--global-style]
        #13 16.95 npm error
        npm error aliases: clean-install, ic, install-clean, isntall-clean
        npm error Run "npm help ci" for more info
        npm notice
        npm notice New major version of npm available! 10.9.9 -> 12.2.2
        npm error A complete log of this run can be found in: /root/.npm/_logs/debug-0.log
        """;
    said.lines().forEach(line -> pretended.buildSays.add(Map.of("stream", line + "\n")));
    pretended.buildSays.add(
        Map.of("errorDetail", Map.of("message", "code: 1"), "error", "code: 1"));

    assertThat(refusal("FROM scratch\nRUN npm ci\n").what())
        .startsWith(
            """
            The image of backend does not build:
            Step 4/5 : RUN npm ci
            npm error code EUSAGE
            npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.
            npm error Missing: clsx@2.1.1 from lock file
            npm error A complete log of this run can be found in: /root/.npm/_logs/debug-0.log
            """);
  }

  @Test
  void refusesAFolderWithoutADockerfile() {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                engine
                    .builder(NO_SHELL, List.of())
                    .build(ImageBuild.of(context, NAME), progress::add));

    assertThat(refused.what()).endsWith("there is no Dockerfile in backend");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN --mount=type=cache,target=/root/.cache pip install .",
        "run --network=none --mount=type=secret,id=token make",
        "RUN --mount=type=cache,target=/a --mount=type=cache,target=/b make",
        "COPY --link a b",
        "COPY --from=build --link a b",
        "ADD --checksum=sha256:0 https://platform.example/a b",
        "COPY --chmod=755 entrypoint /",
        "RUN <<EOF",
        "RUN cat <<-'END' > /etc/motd",
        "COPY <<\"EOF\" /etc/motd"
      })
  void refusesWhatOnlyBuildKitUnderstands(String instruction) {
    SlipwayException refused = refusal("FROM scratch\n" + instruction + "\n");

    assertThat(refused.what())
        .isEqualTo(
            "The image of backend does not build: `"
                + instruction
                + "` needs BuildKit, and no docker program in PATH has it.");
    assertThat(refused.advice()).contains("docker-buildx-plugin");
    assertThat(pretended.changes).isEmpty();
  }

  @Test
  void seesBuildKitSyntaxOnTheNextLineToo() {
    assertThat(
            refusal("FROM scratch\nRUN \\\n  # why\n  --mount=type=cache,target=/a \\\n  make\n")
                .what())
        .contains("`RUN --mount=type=cache,target=/a make`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN echo $((1 << 3)) && cat <<< word",
        "RUN make --mount=no-flag-of-ours",
        "COPY --from=build --chown=app:app /a /b",
        "ENTRYPOINT [\"app\", \"--link\"]",
        "# RUN <<EOF"
      })
  void takesWhatTheClassicBuilderUnderstands(String instruction) {
    assertThat(BuildKitSyntax.in(List.of("FROM scratch", instruction))).isEmpty();
  }
}
