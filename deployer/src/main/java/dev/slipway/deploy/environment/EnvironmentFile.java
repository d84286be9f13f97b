package dev.slipway.deploy.environment;

import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.EnvironmentFileCommands;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ServiceFiles.SecretFiles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server's {@code .env}, whose secrets no line shows once it was read; nor those of the other
 * files that the compose file takes some from.
 *
 * @param path where it lies on the server
 */
public record EnvironmentFile(Shell shell, Platform platform, String path, DeployLog log) {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** Where it lies in the folder of the compose file. */
  public static String in(String composeDirectory) {
    return composeDirectory + "/.env";
  }

  /** Reads it, and keeps its secrets out of all that is printed from now on. */
  public CommandResult learn() {
    CommandResult result = read();
    if (result.succeeded()) {
      log.conceal(EnvironmentSecrets.in(result.standardOutput(), namesOfImages()));
    }
    learnOthers();
    return result;
  }

  /** Its text; a failure, where it is not there or not for this user. */
  public CommandResult read() {
    return shell.run(commands().readVariables(path), DEADLINE);
  }

  private EnvironmentFileCommands commands() {
    return new HostCommands(platform.serverDirectory()).variables();
  }

  /** Those that are there; compose itself says which one is missing. */
  private void learnOthers() {
    SecretFiles files = platform.compose().secretFiles();
    List<String> environment =
        files.environment().stream()
            .filter(name -> !name.matches("(\\./)*\\.env"))
            .sorted()
            .toList();
    List<String> names =
        Stream.concat(environment.stream(), files.secrets().stream().sorted()).toList();
    if (names.isEmpty()) {
      return;
    }
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    CommandResult result = shell.run(commands().readFiles(folder, names), DEADLINE);
    List<String> texts =
        result.standardOutput().lines().map(EnvironmentFile::decoded).limit(names.size()).toList();
    List<Secret> secrets = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      secrets.addAll(
          i < environment.size()
              ? EnvironmentSecrets.in(texts.get(i), namesOfImages())
              : EnvironmentSecrets.whole(texts.get(i)));
    }
    log.conceal(secrets);
  }

  private static String decoded(String line) {
    try {
      return new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException garbled) {
      return "";
    }
  }

  /** What stands in the name of an image is no secret, and in every second line. */
  private Set<String> namesOfImages() {
    return platform.compose().services().values().stream()
        .flatMap(service -> service.imageVariables().stream())
        .collect(Collectors.toSet());
  }
}
