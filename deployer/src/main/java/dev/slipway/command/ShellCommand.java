package dev.slipway.command;

import dev.slipway.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command as a value: arguments, environment, folder and what it reads from standard input.
 *
 * @param arguments the program and its arguments, never a shell text
 * @param environment variables set for this command alone
 * @param directory the folder it runs in; empty: where the shell starts
 * @param input what it reads from standard input; a secret travels here, never as an argument
 */
public record ShellCommand(
    List<String> arguments,
    Map<String, String> environment,
    Optional<String> directory,
    Optional<Secret> input) {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Validates and copies. */
  public ShellCommand {
    if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
    for (String argument : arguments) {
      rejectNul(argument);
    }
    environment.forEach(
        (name, value) -> {
          if (!VARIABLE.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a variable: " + name);
          }
          rejectNul(value);
        });
    directory.ifPresent(ShellCommand::rejectNul);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** A command without environment, folder or input. */
  public static ShellCommand of(String... arguments) {
    return of(List.of(arguments));
  }

  /** A command without environment, folder or input. */
  public static ShellCommand of(List<String> arguments) {
    return new ShellCommand(arguments, Map.of(), Optional.empty(), Optional.empty());
  }

  /** A script of Slipway's own, with words of others as its parameters. */
  static ShellCommand script(String fixedText, String... parameters) {
    return of("sh", "-c", fixedText, "slipway").with(parameters);
  }

  /** A program that runs in a container. */
  static ShellCommand inContainer(String container, String... program) {
    return of("docker", "exec").withOperands(container).with(program);
  }

  /** The same command with more arguments. */
  public ShellCommand with(String... more) {
    return with(List.of(more));
  }

  /** The same command with more arguments. */
  public ShellCommand with(List<String> more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(more);
    return new ShellCommand(all, environment, directory, input);
  }

  /** The same command with words that name things, none of which it can take for an option. */
  public ShellCommand withOperands(String... operands) {
    return withOperands(List.of(operands));
  }

  /** The same command with words that name things, none of which it can take for an option. */
  public ShellCommand withOperands(List<String> operands) {
    operands.forEach(ShellCommand::operand);
    return with(operands);
  }

  /**
   * A word that names something; refused when a program would take it for an option. Not each of
   * them knows {@code --}, compose v1 for one.
   *
   * @throws IllegalArgumentException when it is empty or starts with a dash
   */
  public static String operand(String word) {
    if (word.isEmpty() || word.startsWith("-")) {
      throw new IllegalArgumentException("not the name of anything: '" + word + "'");
    }
    return word;
  }

  /**
   * A path from the root, which no working folder changes and no program takes for an option.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static String absolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: '" + path + "'");
    }
    return path;
  }

  /**
   * A text that stays one line of whatever reads lines.
   *
   * @throws IllegalArgumentException when it has more than one
   */
  public static String oneLine(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("not one line: '" + text + "'");
    }
    return text;
  }

  /** The same command in a folder. */
  public ShellCommand in(String folder) {
    return new ShellCommand(arguments, environment, Optional.of(folder), input);
  }

  /** The same command with a variable set. */
  public ShellCommand withVariable(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put(name, value);
    return new ShellCommand(arguments, all, directory, input);
  }

  /** The same command with text to read from standard input. */
  public ShellCommand reading(Secret text) {
    return new ShellCommand(arguments, environment, directory, Optional.of(text));
  }

  /**
   * The text for a POSIX shell: each word quoted, environment by {@code env}, folder by {@code cd}.
   *
   * @throws IllegalArgumentException when {@code env} would take the program for one more variable,
   *     or {@code cd} the folder for an option
   */
  public String toShell() {
    if (arguments.get(0).contains("=")) {
      throw new IllegalArgumentException("not the name of a program: '" + arguments.get(0) + "'");
    }
    List<String> words = new ArrayList<>();
    if (!environment.isEmpty()) {
      words.add("env");
      environment.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> words.add(quote(entry.getKey() + "=" + entry.getValue())));
    }
    arguments.forEach(argument -> words.add(quote(argument)));
    String line = String.join(" ", words);
    return directory.map(folder -> "cd " + quote(operand(folder)) + " && " + line).orElse(line);
  }

  /**
   * Quotes one word for a POSIX shell.
   *
   * @see <a
   *     href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02_02">POSIX,
   *     single-quotes</a>
   */
  public static String quote(String word) {
    rejectNul(word);
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static void rejectNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL character cannot be passed to a command");
    }
  }

  /** The arguments as a person would type them; input is never shown. */
  @Override
  public String toString() {
    return arguments.stream().map(ShellCommand::quote).collect(Collectors.joining(" "));
  }
}
