package dev.slipway.pipeline.rehearsal;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.secrets.CanarySearch;
import dev.slipway.pipeline.secrets.CanarySearch.Finding;
import dev.slipway.repository.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that a secret could come to, on this machine and on the server. */
final class SecretPlaces {

  private static final String CHECKOUT = "/opt/platform-v2";

  private final Production production;
  private final ServerWatch watch;
  private final List<Candidate> candidates;
  private final List<String> images;
  private final FileTime since;

  /**
   * The places of a production.
   *
   * @param images names or ids of images of this machine
   * @param since older temporary files are not looked at
   */
  SecretPlaces(
      Production production,
      ServerWatch watch,
      List<Candidate> candidates,
      List<String> images,
      FileTime since) {
    this.production = production;
    this.watch = watch;
    this.candidates = candidates;
    this.images = images;
    this.since = since;
  }

  /** How each is searched. */
  Map<String, Function<CanarySearch, Set<Finding>>> all() {
    Map<String, Function<CanarySearch, Set<Finding>>> all = new LinkedHashMap<>();
    all.put("target", search -> files(search, "target", reports()));
    all.put("working trees", search -> files(search, "working trees", workingTrees()));
    all.put("git objects", this::objects);
    all.put("temporary files", search -> files(search, "temporary files", temporary()));
    all.put("image configurations", this::configurations);
    all.put("image layers", this::layers);
    all.put("containers here", this::containersHere);
    for (String record : List.of("commands", "processes", "events", "containers", "environments")) {
      String place = record + " on the server";
      all.put(place, search -> search.in(place, watch.record(record)));
    }
    all.put("files on the server", this::filesOnServer);
    all.put(
        "git objects on the server",
        search ->
            onServer(search, "git objects on the server", "git -C " + CHECKOUT + " " + CAT_FILE));
    all.put("backups on the server", search -> onServer(search, "backups on the server", BACKUPS));
    return all;
  }

  private static final String CAT_FILE = "cat-file --batch-all-objects --batch --buffer";

  private static final String BACKUPS =
      "set -e; id=$(docker ps -q --filter label=com.docker.compose.service=postgres);"
          + " for file in "
          + CHECKOUT
          + "/.slipway/backups/*.dump; do docker exec -i \"$id\" pg_restore -f - < \"$file\"; done";

  /** Everything, with what lies on other file systems but the kernel's own. */
  private Set<Finding> filesOnServer(CanarySearch search) {
    return onServer(
        search,
        "files on the server",
        "tar -C / --one-file-system --exclude=."
            + ServerWatch.FOLDER
            + " --warning=none --ignore-failed-read -cf - . ./run ./dev/shm ./var/lib/docker");
  }

  private Set<Finding> onServer(CanarySearch search, String place, String script) {
    return output(
        search, place, "docker", "exec", production.rig().name() + "-target", "sh", "-c", script);
  }

  private Set<Finding> objects(CanarySearch search) {
    Set<Finding> found = new TreeSet<>();
    for (Path repository : repositories()) {
      found.addAll(
          output(
              search,
              "git objects",
              Stream.concat(
                      Stream.of("git", "-C", repository.toString()),
                      Stream.of(CAT_FILE.split(" ", -1)))
                  .toArray(String[]::new)));
    }
    return found;
  }

  private Set<Finding> configurations(CanarySearch search) {
    Set<Finding> found = new TreeSet<>();
    for (String image : images) {
      found.addAll(
          output(search, "image configurations", "docker", "history", "--no-trunc", image));
      found.addAll(output(search, "image configurations", "docker", "inspect", image));
    }
    return found;
  }

  private Set<Finding> layers(CanarySearch search) {
    return output(
        search,
        "image layers",
        Stream.concat(Stream.of("docker", "save"), images.stream()).toArray(String[]::new));
  }

  private Set<Finding> containersHere(CanarySearch search) {
    String name = production.rig().name();
    Set<Finding> found = new TreeSet<>();
    for (String container : List.of("registry", "hub", "git", "target")) {
      found.addAll(output(search, "containers here", "docker", "inspect", name + "-" + container));
      found.addAll(
          output(
              search,
              "containers here",
              "sh",
              "-c",
              "docker logs \"$1\" 2>&1",
              "sh",
              name + "-" + container));
    }
    return found;
  }

  private List<Path> repositories() {
    return Stream.concat(
            Stream.of(production.root(), production.file("platform")),
            candidates.stream().map(Candidate::directory))
        .toList();
  }

  private List<Path> workingTrees() {
    return Stream.concat(
            repositories().stream()
                .flatMap(repository -> new Checkout(repository).versionedFiles().stream()),
            walk(production.root().resolve("deployer/target/start")))
        .toList();
  }

  /** The login of the test itself lies beside the rig. */
  private List<Path> reports() {
    return walk(production.root().resolve("target/slipway"))
        .filter(file -> !file.startsWith(production.file("rig")))
        .toList();
  }

  private List<Path> temporary() {
    return walk(Path.of(System.getProperty("java.io.tmpdir", "/tmp"))).filter(this::isNew).toList();
  }

  private boolean isNew(Path file) {
    try {
      return Files.isReadable(file) && Files.getLastModifiedTime(file).compareTo(since) >= 0;
    } catch (IOException gone) {
      return false;
    }
  }

  private static Stream<Path> walk(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException goneOrForbidden) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.stream();
  }

  private static Set<Finding> files(CanarySearch search, String place, List<Path> files) {
    return files.stream()
        .flatMap(file -> search.in(place, file).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Finding> output(CanarySearch search, String place, String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Set<Finding> found;
      try (InputStream output = process.getInputStream()) {
        found = search.in(place, output);
      }
      int status = process.waitFor();
      // tar ends with 1 where a file has changed meanwhile.
      if (status > 1) {
        throw new AssertionError(String.join(" ", command) + " ended with " + status);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
