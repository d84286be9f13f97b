package dev.slipway.cli;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.Workspace;
import dev.slipway.publish.ServedImages;
import java.util.Map;

/**
 * The registry that the variables name, for who verifies: named and logged in to as by commands.
 */
public final class ConfiguredRegistry {

  private ConfiguredRegistry() {}

  /**
   * The platform's images that serve already; none where no registry is configured.
   *
   * @param variables this process's environment
   * @throws SlipwayException when they ask for something that is not known
   */
  public static ServedImages servedImages(Workspace workspace, Map<String, String> variables) {
    Environment environment = new Environment(variables);
    if (environment.buildsFresh()) {
      return ServedImages.none("SLIPWAY_BUILD=fresh asks for it");
    }
    if (environment.find("REGISTRY", "CI_REGISTRY_IMAGE").isEmpty()) {
      return ServedImages.none();
    }
    try (Project project = new Project(workspace, environment)) {
      return project.servedImages();
    } catch (SlipwayException unnamed) {
      return ServedImages.none(unnamed.what());
    }
  }
}
