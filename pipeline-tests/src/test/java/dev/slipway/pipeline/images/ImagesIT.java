package dev.slipway.pipeline.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.effect.docker.ImageContent;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.contract.ComposeContract;
import dev.slipway.platform.contract.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was built once from the commit is fit to run in production, and so is the compose file that
 * runs it.
 */
@PipelineTest
@Tag("images")
class ImagesIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Pattern ROOT = Pattern.compile("|0|root|(0|root):.*");
  private final PlatformUnderTest platform;

  ImagesIT(PlatformUnderTest platform) {
    this.platform = platform;
  }

  @Test
  void everyImageBuildsFromTheCommit() {
    assertThat(platform.images().all()).hasSameSizeAs(platform.platform().built());
    platform
        .images()
        .all()
        .forEach(
            (service, image) ->
                assertThat(content(service).labels())
                    .containsEntry("org.opencontainers.image.revision", image.version())
                    .containsKey("org.opencontainers.image.source"));
  }

  @Test
  void noImageRunsAsRoot() {
    List<String> rooted = new ArrayList<>();
    for (BuiltService service : platform.platform().built()) {
      if (ROOT.matcher(content(service.name()).user()).matches()) {
        rooted.add(RootUser.advice(service, content(service.name())));
      }
    }
    rooted.addAll(rootedByTheComposeFile());
    assertThat(rooted).withFailMessage(() -> String.join("\n", rooted)).isEmpty();
  }

  private List<String> rootedByTheComposeFile() {
    ComposeFile compose = platform.platform().compose();
    List<String> rooted = new ArrayList<>();
    Set<String> ours = platform.platform().withSharers(platform.images().all().keySet());
    for (ServiceSpec service : compose.services().values()) {
      service
          .user()
          .filter(user -> ours.contains(service.name()))
          .filter(user -> !user.isEmpty() && ROOT.matcher(user).matches())
          .ifPresent(
              user ->
                  rooted.add(
                      "%s:%d: service '%s' runs as root whatever its image says; take out `user: %s`."
                          .formatted(
                              compose.file(),
                              compose.lineOf("services", service.name(), "user"),
                              service.name(),
                              user)));
    }
    return rooted;
  }

  @Test
  void noLayerHoldsWhatMustNotShip() {
    List<String> found = new ArrayList<>();
    for (BuiltService service : platform.platform().built()) {
      content(service.name())
          .visit(
              (path, bytes) -> {
                if (ShippedSecrets.isFile(service.role(), path, bytes)) {
                  found.add(
                      "The image of "
                          + service.name()
                          + " has /"
                          + path
                          + " in a layer, which whoever pulls it can read; add it to "
                          + service.folder()
                          + "/.dockerignore and copy only what runs.");
                }
              });
    }
    assertThat(found).withFailMessage(() -> String.join("\n", found)).isEmpty();
  }

  @Test
  void noImageSetsASecret() {
    List<String> found = new ArrayList<>();
    for (BuiltService service : platform.platform().built()) {
      content(service.name())
          .environment()
          .forEach(
              (name, value) -> {
                if (ShippedSecrets.isVariable(name, value)) {
                  found.add(
                      "%1$s/Dockerfile: the image of %2$s sets %3$s, which whoever pulls it can read; take out the ENV, and give %2$s `%3$s: ${%3$s:?}` in the compose file, from .env on the server."
                          .formatted(service.folder(), service.name(), name));
                }
              });
      content(service.name()).history().stream()
          .flatMap(instruction -> ShippedSecrets.inHistory(instruction).stream())
          .distinct()
          .forEach(
              name ->
                  found.add(
                      "%1$s/%2$s: the image of %3$s is built with the argument %4$s, whose value `docker history` shows to whoever pulls it; take it out of the ARG, make a new secret of it, and have what needs one in an earlier stage, of which nothing but its files is shipped."
                          .formatted(
                              service.folder(), service.dockerfile(), service.name(), name)));
    }
    assertThat(found).withFailMessage(() -> String.join("\n", found)).isEmpty();
  }

  /** Beside what it tells, Slipway notes there which release serves. */
  @Test
  void theServersVariablesAreNotCommitted() {
    String file = beside(".env");
    assertThat(platform.repository().show(platform.commit(), file))
        .withFailMessage(
            "%1$s is committed. On the server it holds the passwords, and Slipway writes REGISTRY and TAG into it, which git would take for a change by hand: `git rm --cached %1$s`, list it in .gitignore, keep its names in .env.example, and give new values to the secrets that were in it.",
            file)
        .isEmpty();
  }

  @Test
  void noSecretIsCommitted() throws IOException {
    Set<String> read =
        platform.platform().compose().secretFiles().environment().stream()
            .map(this::beside)
            .collect(Collectors.toSet());
    List<String> found = new ArrayList<>();
    for (String file : platform.repository().files(platform.commit())) {
      Path path = platform.sources().resolve(file);
      boolean isRead = read.contains(file);
      if (file.equals(beside(".env"))
          || !(isRead || CommittedSecrets.isWorthALook(file))
          || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      byte[] content = Files.readAllBytes(path);
      if (CommittedSecrets.isKey(file, content)) {
        found.add(
            "%1$s is a private key, which whoever has the repository can use: `git rm --cached %1$s`, list it in .gitignore, put a new one on the server, where a service mounts it, and give up the old one."
                .formatted(file));
      }
      (isRead ? CommittedSecrets.inUse(content, this::isUsed) : CommittedSecrets.in(file, content))
          .forEach(name -> found.add(committed(file, name, isRead)));
    }
    assertThat(found).withFailMessage(() -> String.join("\n", found)).isEmpty();
  }

  private static String committed(String file, String name, boolean isRead) {
    String what =
        "%s holds a secret, %s, which whoever has the repository can read; ".formatted(file, name);
    if (file.endsWith(".example")) {
      return what
          + "leave it empty there: Slipway makes one up, and the server's .env has its own.";
    }
    return what
        + (isRead
            ? "take it out, and give it to the services that read the file as `%1$s: ${%1$s:?}`, with a new value in .env on the server."
                .formatted(name)
            : "`git rm --cached %s`, list it in .gitignore, and give the secret a new value."
                .formatted(file));
  }

  /** Whether a service gets this value, and nothing that only its server has can go before it. */
  private boolean isUsed(EnvironmentVariable variable) {
    return platform.platform().compose().services().values().stream()
        .filter(service -> service.unseenFiles().isEmpty())
        .map(service -> service.environment().getOrDefault(variable.name(), Optional.empty()))
        .anyMatch(Optional.of(variable.value())::equals);
  }

  /** Where a file lies that the compose file names. */
  private String beside(String path) {
    return Path.of(platform.platform().compose().file())
        .resolveSibling(path)
        .normalize()
        .toString();
  }

  @Test
  void theBundleCallsTheAddressOfEnvProduction() throws IOException {
    BuiltService frontend =
        platform
            .platform()
            .pageBuilder()
            .orElseGet(() -> Assumptions.abort(PlatformUnderTest.NO_PAGES));
    String folder = platform.platform().pageSources().orElseThrow();
    Path file = platform.sources().resolve(folder).resolve(".env.production");
    assertThat(file)
        .withFailMessage(
            "%s/.env.production is missing; commit it with VITE_API_URL=https://… in it, or a path such as VITE_API_URL=/api where the page calls its own origin.",
            folder)
        .exists();
    String address =
        EnvProduction.value(Files.readString(file), "VITE_API_URL")
            .orElseThrow(
                () ->
                    new AssertionError(
                        folder
                            + "/.env.production does not set VITE_API_URL; write VITE_API_URL=https://… there, or a path such as VITE_API_URL=/api where the page calls its own origin."));
    assertThat(EnvProduction.host(address))
        .withFailMessage(
            "%s/.env.production sets VITE_API_URL=%s, which is no address; write the public one, such as https://….",
            folder, address)
        .isPresent();
    assertThat(EnvProduction.host(address).orElseThrow())
        .withFailMessage(
            "%s/.env.production sets VITE_API_URL=%s, which every visitor's browser would look for on the visitor's own machine; write the public address.",
            folder, address)
        .doesNotMatch("localhost|127\\..*|0\\.0\\.0\\.0|\\[?::1]?|host\\.docker\\.internal");
    if (EnvProduction.host(address).orElseThrow().isEmpty()) {
      requireInTheBuild(file, frontend);
    }
    AtomicBoolean baked = new AtomicBoolean();
    content(frontend.name())
        .visit(
            (path, bytes) -> {
              if (path.endsWith(".js")
                  && new String(bytes, StandardCharsets.UTF_8).contains(address)) {
                baked.set(true);
              }
            });
    assertThat(baked)
        .withFailMessage(
            "No script in the image of %s holds %s, so the page calls another address; let .env.production reach `npm run build` (look at .dockerignore and at build arguments that override it).",
            frontend.name(), address)
        .isTrue();
  }

  /** A path may stand in any script, so that finding it there proves nothing. */
  private void requireInTheBuild(Path file, BuiltService frontend) throws IOException {
    Path context = platform.sources().resolve(frontend.folder());
    Path recipe = context.resolve(frontend.dockerfile());
    if (Files.readString(recipe).contains("VITE_API_URL")) {
      return;
    }
    Path own = recipe.resolveSibling(recipe.getFileName() + ".dockerignore");
    Path ignore = Files.exists(own) ? own : context.resolve(".dockerignore");
    String path = context.normalize().relativize(file.normalize()).toString();
    assertThat(Files.exists(ignore) && DockerIgnore.parse(Files.readString(ignore)).leavesOut(path))
        .withFailMessage(
            "%s leaves %s out of the build, so the page knows no VITE_API_URL; add `!%s` at its end.",
            platform.sources().relativize(ignore), platform.sources().relativize(file), path)
        .isFalse();
  }

  @Test
  void theComposeFileIsFitForProduction() {
    Set<String> known = new TreeSet<>(platform.variables().exampleKeys());
    known.addAll(Set.of("REGISTRY", "TAG"));
    Set<String> built =
        platform.platform().built().stream().map(BuiltService::name).collect(Collectors.toSet());
    Map<Finding.Severity, List<Finding>> findings = new TreeMap<>();
    ComposeContract.check(
            platform.platform().compose(),
            built,
            platform.platform().withSharers(built),
            selfChecked(built),
            known)
        .forEach(
            finding ->
                findings
                    .computeIfAbsent(finding.severity(), key -> new ArrayList<>())
                    .add(finding));

    findings
        .getOrDefault(Finding.Severity.ADVICE, List.of())
        .forEach(finding -> LOG.info("Advice: {}", finding));
    List<Finding> errors = findings.getOrDefault(Finding.Severity.ERROR, List.of());
    assertThat(errors)
        .withFailMessage(
            () -> errors.stream().map(Finding::toString).collect(Collectors.joining("\n")))
        .isEmpty();
  }

  /** Images are built for it only where the compose file has no health check. */
  private Set<String> selfChecked(Set<String> built) {
    return platform.platform().compose().services().values().stream()
        .filter(service -> built.contains(service.name()) && !service.healthcheck())
        .map(ServiceSpec::name)
        .filter(name -> content(name).checksItsHealth())
        .collect(Collectors.toSet());
  }

  private ImageContent content(String service) {
    return platform.engine().content(platform.images().nameOf(service));
  }
}
