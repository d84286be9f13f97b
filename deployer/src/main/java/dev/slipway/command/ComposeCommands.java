package dev.slipway.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Compose commands for one project, the same on the stand-in server, on the real one and here.
 *
 * @param compose how compose is called there
 * @param project the project name, always passed: two files in one folder would share a default one
 * @param directory the folder of the compose file
 * @param file the compose file's name in that folder
 * @param variables what the file needs besides its {@code .env}
 */
public record ComposeCommands(
    ComposeTool compose,
    String project,
    String directory,
    String file,
    Map<String, String> variables) {

  private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9_-]*");

  /** Validates and copies. */
  public ComposeCommands {
    if (!PROJECT.matcher(project).matches()) {
      throw new IllegalArgumentException("not the name of a compose project: '" + project + "'");
    }
    ShellCommand.operand(directory);
    ShellCommand.operand(file);
    variables = Map.copyOf(variables);
  }

  /** The same project with other variables, such as another release's tag. */
  public ComposeCommands withVariables(Map<String, String> others) {
    return new ComposeCommands(compose, project, directory, file, others);
  }

  /** Creates or replaces the services' containers and nobody else's; never builds. */
  public ShellCommand up(List<String> services) {
    return command("up", "-d", "--no-deps", "--no-build").withOperands(services);
  }

  /** The same with new containers, also where compose sees no difference. */
  public ShellCommand recreate(List<String> services) {
    return command("up", "-d", "--no-deps", "--no-build", "--force-recreate")
        .withOperands(services);
  }

  /**
   * Creates a second container of each service, and neither starts them nor touches the first ones:
   * compose alone knows how a service becomes a container.
   */
  public ShellCommand createSeconds(List<String> services) {
    ShellCommand command = command("up", "--no-start", "--no-deps", "--no-build", "--no-recreate");
    for (String service : services) {
      command = command.with("--scale", service + "=2");
    }
    return command.withOperands(services);
  }

  /**
   * Whether it connects a container to further networks and by links only when it starts it, and so
   * not the one of {@link #createSeconds}.
   */
  public boolean connectsWhenStarting() {
    return compose == ComposeTool.STANDALONE;
  }

  /** Prints the whole file with the variables' values in it, and so with secrets. */
  public ShellCommand config() {
    return command("config");
  }

  /** Pulls the services' images. */
  public ShellCommand pull(List<String> services) {
    return command("pull").withOperands(services);
  }

  /** The name of the container in which {@link #run} runs, so that there are never two. */
  public String runContainer() {
    return project + "-run";
  }

  /** Runs one command in a new container of a service, without a terminal, and removes it. */
  public ShellCommand run(
      String service, Optional<String> workingDirectory, List<String> arguments) {
    ShellCommand run = command("run", "--rm", "-T", "--no-deps", "--name", runContainer());
    return workingDirectory
        .map(folder -> run.with("-w", folder))
        .orElse(run)
        .withOperands(service)
        .with(arguments);
  }

  /** The last lines that a service printed. */
  public ShellCommand logs(String service, int lines) {
    return command("logs", "--no-color", "--tail", String.valueOf(lines)).withOperands(service);
  }

  /** Whether compose 1 says this itself, above the lines of services, which begin with a name. */
  public static boolean isHeading(String logLine) {
    return logLine.startsWith("Attaching to ");
  }

  /** Follows what the services print, after their last lines. */
  public ShellCommand follow(List<String> services, int lines) {
    return command("logs", "--no-color", "--follow", "--tail", String.valueOf(lines))
        .withOperands(services);
  }

  private ShellCommand command(String... arguments) {
    List<String> words = new ArrayList<>(compose.words());
    words.addAll(List.of("-p", project, "-f", file));
    words.addAll(List.of(arguments));
    ShellCommand command = ShellCommand.of(words).in(directory);
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      command = command.withVariable(variable.getKey(), variable.getValue());
    }
    return command;
  }
}
