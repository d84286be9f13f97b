package dev.slipway.pipeline.lint;

import dev.slipway.pipeline.PlatformImages;
import dev.slipway.pipeline.Toolbox;
import dev.slipway.platform.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An image with a frontend's own Node packages, where its sources are looked for. */
final class NodeToolbox {

  private NodeToolbox() {}

  /**
   * How that image is built.
   *
   * @param target where the platform's root lies in it
   * @throws AssertionError when no lock file pins the packages
   */
  static Toolbox.Recipe recipe(PlatformImages images, SourceFolder frontend, String target) {
    String base = images.base(Role.FRONTEND);
    Map<String, Path> files = new TreeMap<>();
    String home = home(frontend).orElseThrow(() -> notPinned(frontend));
    NodePackages own = NodePackages.of(frontend, home).orElseThrow();
    StringBuilder dockerfile = new StringBuilder("FROM " + base + "\nUSER root\n");
    for (String folder : frontend.upwards()) {
      // Above it, packages matter only where ESLint's configuration there takes them from.
      boolean needed = folder.equals(home) || Eslint.configured(frontend, folder);
      NodePackages.of(frontend, folder)
          .filter(packages -> needed)
          .ifPresent(
              packages -> dockerfile.append(step(frontend, folder, packages, target, files)));
    }
    return new Toolbox.Recipe(
        "eslint",
        dockerfile.toString(),
        files,
        "The packages of %s cannot be installed in %s, the image that %s builds on, by `%s`"
            .formatted(
                Path.of(home).resolve(own.lock()),
                base,
                images.dockerfile(Role.FRONTEND),
                own.installation()),
        "Bring package.json and "
            + own.lock()
            + " in line and commit both, or name the package manager's version in package.json's `packageManager`.");
  }

  /** Where its packages are locked: in its own folder, or at the top of its workspace. */
  static Optional<String> home(SourceFolder frontend) {
    List<String> folders = frontend.upwards();
    String own = folders.get(0);
    return folders.stream()
        .filter(folder -> folder.equals(own) || NodePackages.isWorkspace(frontend, folder))
        .filter(folder -> NodePackages.of(frontend, folder).isPresent())
        .findFirst();
  }

  /** What an installation in a folder reads, by where it lies there. */
  static Map<String, Path> files(SourceFolder sources, String folder) {
    Path start = sources.root().resolve(folder);
    Map<String, Path> files = new TreeMap<>();
    for (String name : NodePackages.READ) {
      if (Files.exists(start.resolve(name))) {
        files.put(name, start.resolve(name));
      }
    }
    if (NodePackages.isWorkspace(sources, folder)) {
      sources
          .below(folder, "package.json")
          .forEach(file -> files.put(file.toString(), start.resolve(file)));
    }
    return files;
  }

  private static String step(
      SourceFolder frontend,
      String folder,
      NodePackages packages,
      String target,
      Map<String, Path> files) {
    String place = "packages" + files.size();
    files(frontend, folder).forEach((name, file) -> files.put(place + "/" + name, file));
    return """
        WORKDIR %s
        COPY %s/ ./
        RUN %s
        """
        .formatted(Path.of(target).resolve(folder).normalize(), place, packages.installation());
  }

  private static AssertionError notPinned(SourceFolder frontend) {
    String folder = frontend.path();
    return new AssertionError(
        NodePackages.unsupported(frontend, folder)
            .map(
                lock ->
                    "%s is not supported: lint installs ESLint from package-lock.json, pnpm-lock.yaml or yarn.lock, and %s has none of them; run `npm install` there and commit package-lock.json, too."
                        .formatted(frontend.named(lock), frontend.title()))
            .orElseGet(
                () ->
                    "%s has no package-lock.json, pnpm-lock.yaml or yarn.lock, and is in no workspace that has one, so ESLint's version is not pinned; run `npm install` there and commit package-lock.json."
                        .formatted(frontend.title())));
  }
}
