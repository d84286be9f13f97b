package dev.slipway.pipeline.lint;

import dev.slipway.pipeline.PlatformImages;
import dev.slipway.pipeline.Toolbox;
import dev.slipway.platform.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    NodePackages own =
        NodePackages.of(frontend, frontend.path()).orElseThrow(() -> notPinned(frontend));
    StringBuilder dockerfile = new StringBuilder("FROM " + base + "\nUSER root\n");
    for (String folder : frontend.upwards()) {
      // Above it, packages matter only where ESLint's configuration there takes them from.
      boolean needed =
          Path.of(folder).equals(Path.of(frontend.path()).normalize())
              || Eslint.configured(frontend, folder);
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
                frontend.named(own.lock()),
                base,
                images.dockerfile(Role.FRONTEND),
                own.installation()),
        "Bring package.json and "
            + own.lock()
            + " in line and commit both, or name the package manager's version in package.json's `packageManager`.");
  }

  private static String step(
      SourceFolder frontend,
      String folder,
      NodePackages packages,
      String target,
      Map<String, Path> files) {
    String place = "packages" + files.size();
    for (String name : NodePackages.READ) {
      Path file = frontend.root().resolve(folder).resolve(name);
      if (Files.exists(file)) {
        files.put(place + "/" + name, file);
      }
    }
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
                        .formatted(frontend.named(lock), folder))
            .orElseGet(
                () ->
                    "%s has no package-lock.json, pnpm-lock.yaml or yarn.lock, so ESLint's version is not pinned; run `npm install` there and commit package-lock.json."
                        .formatted(folder)));
  }
}
