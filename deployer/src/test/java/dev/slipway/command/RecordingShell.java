package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real shell whose programs write down what they are called with, NUL between the words. */
final class RecordingShell {

  /** What a program was called with. */
  record Call(String program, List<String> arguments, Map<String, String> variables) {}

  private static final List<String> WHAT_A_PATTERN_FINDS = List.of("a", "found");

  /** What programs answer that do nothing, so that a script goes on with it. */
  static final String ANSWER = "answer";

  private static final String BETWEEN_COMMANDS = "== the next command ==";

  private final List<String> shell;
  private final Path folder;
  private final Path programs;
  private final Path record;

  /**
   * A shell without any program but {@code env}.
   *
   * @param folder an empty folder, which the shell works in a part of
   */
  RecordingShell(List<String> shell, Path folder) throws IOException {
    this.shell = new ArrayList<>(shell);
    this.shell.set(0, found(shell.get(0)));
    this.folder = folder;
    this.programs = Files.createDirectories(folder.resolve("programs"));
    this.record = folder.resolve("record");
    Files.createDirectories(workingFolder());
    for (String name : WHAT_A_PATTERN_FINDS) {
      Files.createFile(workingFolder().resolve(name));
    }
    Files.createDirectories(folder.resolve("tmp"));
    place("env", "exec /usr/bin/env \"$@\"");
  }

  /** The shell itself, where no path leads to it. */
  List<String> words() {
    return shell;
  }

  Path workingFolder() {
    return folder.resolve("work");
  }

  /** Programs that write down their call, answer and do nothing. */
  void record(Collection<String> names) throws IOException {
    for (String name : names) {
      place(name, note() + "\necho " + ANSWER);
    }
  }

  /** Programs that write down their call and do what they always do. */
  void recordAndRun(Collection<String> names) throws IOException {
    for (String name : names) {
      place(name, note() + "\nexec " + found(name) + " \"$@\"");
    }
  }

  private static String found(String program) {
    return Stream.of("/usr/bin/", "/bin/")
        .map(folder -> folder + program)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + program + " on this machine"));
  }

  private String note() {
    String file = ShellCommand.quote(record.toString());
    return "{ /usr/bin/flock 9; printf '%s\\0' \"${0##*/}\" \"$#\" \"$@\" \"$MARKED\" \"$GIVEN\" \"$PWD\" >&9; } 9>> "
        + file;
  }

  private void place(String name, String script) throws IOException {
    Path program = programs.resolve(name);
    Files.deleteIfExists(program);
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  /** Runs the commands one after the other, and tells for each which programs it called. */
  List<List<Call>> run(List<ShellCommand> commands) throws IOException, InterruptedException {
    Files.write(record, new byte[0]);
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < commands.size(); i++) {
      ShellCommand command = commands.get(i);
      Path input = folder.resolve("input-" + i);
      Files.writeString(input, command.input().map(Secret::reveal).orElse(""));
      script
          .append("( ")
          .append(command.toShell())
          .append(" ) < ")
          .append(ShellCommand.quote(input.toString()))
          .append(" > /dev/null 2>&1\nprintf '%s\\0' '" + BETWEEN_COMMANDS + "' >> ")
          .append(ShellCommand.quote(record.toString()))
          .append('\n');
    }
    Path file = Files.writeString(folder.resolve("script"), script);
    List<String> words = new ArrayList<>(shell);
    words.add(file.toString());
    ProcessBuilder builder = new ProcessBuilder(words).directory(workingFolder().toFile());
    builder.environment().clear();
    builder.environment().put("PATH", programs.toString());
    builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process =
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the shell ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return calls();
  }

  private List<List<Call>> calls() throws IOException {
    List<List<Call>> calls = new ArrayList<>();
    List<Call> ofOne = new ArrayList<>();
    String[] words = Files.readString(record, StandardCharsets.UTF_8).split("\0", -1);
    int at = 0;
    while (at < words.length - 1) {
      if (words[at].equals(BETWEEN_COMMANDS)) {
        calls.add(List.copyOf(ofOne));
        ofOne.clear();
        at++;
        continue;
      }
      int end = at + 2 + Integer.parseInt(words[at + 1]);
      Map<String, String> variables = new TreeMap<>();
      variables.put("MARKED", words[end]);
      variables.put("GIVEN", words[end + 1]);
      variables.put("PWD", words[end + 2]);
      ofOne.add(new Call(words[at], List.of(words).subList(at + 2, end), variables));
      at = end + 3;
    }
    return calls;
  }

  /** Files that a word made, which are none of the shell's own. */
  List<Path> escaped() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(
              file ->
                  file.getFileName().toString().startsWith("escaped")
                      || (workingFolder().equals(file.getParent())
                          && !WHAT_A_PATTERN_FINDS.contains(file.getFileName().toString())))
          .toList();
    }
  }
}
