package dev.slipway.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How one of the commands in {@code bin} ended.
 *
 * @param status its exit status
 * @param text both outputs
 */
record Script(int status, String text) {

  /** Runs it from the checkout's root with these variables besides this process's own. */
  static Script run(Map<String, String> variables, String script, String... arguments) {
    Checkout checkout = Checkout.current();
    List<String> command =
        Stream.concat(Stream.of(checkout.resolve(script).toString()), Stream.of(arguments))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(checkout.root().toFile()).redirectErrorStream(true);
    builder.environment().putAll(variables);
    try {
      Process process = builder.redirectInput(Path.of("/dev/null").toFile()).start();
      String text = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Script(process.waitFor(), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in " + script, interrupt);
    }
  }

  /** Puts a program of the test's own into a folder for {@code PATH}. */
  static void fake(Path folder, String name, String script) {
    try {
      Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
      if (!program.toFile().setExecutable(true)) {
        throw new IllegalStateException(program + " cannot be made executable");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
