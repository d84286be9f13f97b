package dev.slipway.pipeline;

import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an edge mounts and only its server has, such as certificates. Each file is made up when
 * nginx does not start without it.
 */
public final class FilesOfTheServer {

  private static final Pattern MISSING =
      Pattern.compile(
          "cannot load certificate (?<key>key )?\"(?<certificate>/[^\"]+)\""
              + "|SSL_CTX_load_verify_locations\\(\"(?<authority>/[^\"]+)\"\\) failed"
              + "|BIO_new_file\\(\"(?<parameters>/[^\"]+)\"\\) failed"
              + "|open\\(\\) \"(?<included>/[^\"]+)\" failed \\(2: ");

  private final ServiceSpec edge;
  private final Path sources;
  private final Predicate<Path> ignored;
  private final Path folder;
  private final MadeUpCertificate certificate = new MadeUpCertificate();
  private final Map<String, String> texts = new LinkedHashMap<>();

  /**
   * Nothing yet.
   *
   * @param edge which mounts them
   * @param sources the folder of the compose file that it is started by
   * @param ignored whether git leaves a file there out, so that the server may have it though the
   *     commit has not
   * @param folder where they go that do not belong there
   */
  FilesOfTheServer(ServiceSpec edge, Path sources, Predicate<Path> ignored, Path folder) {
    this.edge = edge;
    this.sources = sources;
    this.ignored = ignored;
    this.folder = folder;
  }

  /** Makes up the file because of which the edge did not start; whether it did. */
  boolean supply(String lastWords) {
    Matcher missing = MISSING.matcher(lastWords);
    return missing.find()
        && List.<Map.Entry<String, Function<Matcher, String>>>of(
                Map.entry("certificate", this::ofCertificate),
                Map.entry("authority", found -> certificate.certificate()),
                Map.entry("parameters", found -> MadeUpCertificate.diffieHellman()),
                Map.entry("included", found -> "# made up\n"))
            .stream()
            .filter(kind -> missing.group(kind.getKey()) != null)
            .anyMatch(kind -> supply(missing.group(kind.getKey()), kind.getValue().apply(missing)));
  }

  private String ofCertificate(Matcher found) {
    return found.group("key") == null ? certificate.certificate() : certificate.key();
  }

  private boolean supply(String path, String text) {
    Optional<VolumeMount> mount = mount(path).filter(known -> mayHave(known, path));
    if (mount.isEmpty() || texts.putIfAbsent(path, text) != null) {
      return false;
    }
    write(root(mount.get()), file(mount.get(), path), text);
    return true;
  }

  /** Nobody but the commit gives the server what git does not ignore. */
  private boolean mayHave(VolumeMount mount, String path) {
    return !isOfTheSources(mount) || ignored.test(file(mount, path));
  }

  private Path file(VolumeMount mount, String path) {
    return root(mount).resolve(below(mount, path));
  }

  private Optional<VolumeMount> mount(String path) {
    return edge.volumes().stream()
        .filter(mount -> path.equals(mount.target()) || path.startsWith(mount.target() + "/"))
        .max(Comparator.comparingInt(mount -> mount.target().length()));
  }

  private static String below(VolumeMount mount, String path) {
    return path.equals(mount.target()) ? "" : path.substring(mount.target().length() + 1);
  }

  private Path root(VolumeMount mount) {
    return isOfTheSources(mount)
        ? sources.resolve(mount.source().orElseThrow()).normalize()
        : folder.resolve(mount.target().substring(1));
  }

  private static boolean isOfTheSources(VolumeMount mount) {
    return mount.type().equals("bind") && !mount.isOfTheHost();
  }

  /** An edge that does not run as root has to read it, too. */
  private static void write(Path root, Path file, String text) {
    try {
      if (Files.isDirectory(file)) {
        Files.delete(file); // made by an engine that found nothing there
      }
      Folders.write(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      for (Path each = file.getParent();
          each != null && each.startsWith(root);
          each = each.getParent()) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is mounted instead, by the place in the edge's container. */
  Map<String, String> mounts() {
    Map<String, String> mounts = new TreeMap<>();
    for (String path : texts.keySet()) {
      mount(path)
          .filter(mount -> !isOfTheSources(mount))
          .ifPresent(mount -> mounts.put(mount.target(), root(mount).toString()));
    }
    return mounts;
  }

  /** Has each that was made up put where a server has it. */
  public void forEach(Place place) {
    texts.forEach(
        (path, text) -> {
          VolumeMount mount = mount(path).orElseThrow();
          place.put(mount, below(mount, path), text);
        });
  }

  /** Where a file goes. */
  @FunctionalInterface
  public interface Place {

    /**
     * Puts one there.
     *
     * @param mount what holds it
     * @param below its path within that; empty: it is that itself
     */
    void put(VolumeMount mount, String below, String text);
  }
}
