package dev.slipway.deploy.environment;

import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.platform.Platform;
import dev.slipway.platform.ServiceSpec;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The server's {@code .env}, whose secrets no line shows once it was read.
 *
 * @param path where it lies on the server
 */
public record EnvironmentFile(Shell shell, Platform platform, String path, DeployLog log) {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)");

  /** Where it lies in the folder of the compose file. */
  public static String in(String composeDirectory) {
    return composeDirectory + "/.env";
  }

  /** Reads it, and keeps its secrets out of all that is printed from now on. */
  public CommandResult learn() {
    CommandResult result =
        shell.run(
            new HostCommands(platform.serverDirectory()).variables().readVariables(path), DEADLINE);
    if (result.succeeded()) {
      log.conceal(EnvironmentSecrets.in(result.standardOutput(), namesOfImages()));
    }
    return result;
  }

  /** What stands in the name of an image is no secret, and in every second line. */
  private Set<String> namesOfImages() {
    return platform.compose().services().values().stream()
        .map(ServiceSpec::imageTemplate)
        .flatMap(template -> VARIABLE.matcher(template.orElse("")).results())
        .map(variable -> variable.group(1))
        .collect(Collectors.toSet());
  }
}
