package dev.slipway.pipeline.health;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The host names by which an nginx tells its servers apart. */
final class ServerNames {

  private static final Pattern DIRECTIVE = Pattern.compile("(?m)^\\s*server_name\\s+([^;#]+);");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

  private ServerNames() {}

  /** Those that are neither patterns nor made up, such as {@code _}. */
  static List<String> in(String configuration) {
    return DIRECTIVE
        .matcher(configuration)
        .results()
        .flatMap(directive -> Arrays.stream(directive.group(1).split("\\s+", -1)))
        .filter(name -> NAME.matcher(name).matches())
        .distinct()
        .toList();
  }
}
