package dev.slipway.cli;

import dev.slipway.SlipwayException;
import dev.slipway.image.ImageReference;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the compose file calls the built images, and the variables that it needs for that.
 *
 * @param names the images' names, by service
 * @param variables the variables in those names, with their values
 */
record ImageNames(Map<String, ImageReference> names, Map<String, String> variables) {

  /** Copies. */
  ImageNames {
    names = Map.copyOf(names);
    variables = Map.copyOf(variables);
  }

  /** Reads them from a platform that was parsed with these variables. */
  static ImageNames of(Platform platform, Map<String, String> known) {
    Map<String, ImageReference> names = new TreeMap<>();
    Map<String, String> variables = new TreeMap<>();
    for (BuiltService service : platform.built()) {
      for (String name : service.spec().imageVariables()) {
        Optional.ofNullable(known.get(name)).ifPresent(value -> variables.put(name, value));
      }
      names.put(service.name(), service.spec().image().orElseThrow(() -> unnamed(service)));
    }
    return new ImageNames(names, variables);
  }

  private static SlipwayException unnamed(BuiltService service) {
    return SlipwayException.refused(
        "The image of service "
            + service.name()
            + " has no name: `"
            + service.spec().imageTemplate().orElse("(no image:)")
            + "` needs a variable that is not set.",
        "Set the variables in it, such as REGISTRY=registry.example/platform-v2; TAG is set by Slipway."
            + " Where there is no registry, `images: {transfer: ssh}` in slipway.yml does without.");
  }

  /** The registry that a login is for. */
  String registry() {
    return names.values().stream().flatMap(name -> name.registry().stream()).findFirst().orElse("");
  }
}
