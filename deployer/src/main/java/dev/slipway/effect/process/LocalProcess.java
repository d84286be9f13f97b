package dev.slipway.effect.process;

import dev.slipway.DaemonThreads;
import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs programs on this machine, without a shell in between. */
public final class LocalProcess implements Shell {

  @Override
  public CommandResult run(ShellCommand command, Duration deadline, Consumer<String> lines) {
    long end = System.nanoTime() + deadline.toNanos();
    Process process = start(command);
    try {
      return collect(process, command, oneAtATime(lines), end);
    } catch (TimeoutException late) {
      ProcessTree.kill(process);
      throw outOfTime(command, deadline, late);
    } catch (InterruptedException interrupt) {
      ProcessTree.kill(process);
      Thread.currentThread().interrupt();
      throw interrupted(command, interrupt);
    } catch (ExecutionException failure) {
      ProcessTree.kill(process);
      throw new SlipwayException(
          ExitCode.INTERNAL_ERROR,
          "The output of \"" + command + "\" could not be read.",
          "Run it again; if it fails again, run the command by hand and compare.",
          failure);
    }
  }

  private static CommandResult collect(
      Process process, ShellCommand command, Consumer<String> lines, long end)
      throws InterruptedException, ExecutionException, TimeoutException {
    OutputRecorder output = new OutputRecorder(lines);
    OutputRecorder errors = new OutputRecorder(lines);
    CompletableFuture<Void> drained =
        CompletableFuture.allOf(
            inThread(() -> drain(process.getInputStream(), output)),
            inThread(() -> drain(process.getErrorStream(), errors)),
            inThread(() -> feed(process, command)));
    if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException();
    }
    drained.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    return new CommandResult(process.exitValue(), output.text(), errors.text());
  }

  private static Consumer<String> oneAtATime(Consumer<String> lines) {
    Object turn = new Object();
    return line -> {
      synchronized (turn) {
        lines.accept(line);
      }
    };
  }

  private static Process start(ShellCommand command) {
    ProcessBuilder builder = new ProcessBuilder(command.arguments());
    builder.environment().putAll(command.environment());
    command.directory().map(File::new).ifPresent(builder::directory);
    File directory = builder.directory();
    if (directory != null && !directory.isDirectory()) {
      throw SlipwayException.refused(
          "The folder " + directory + " does not exist, so \"" + command + "\" cannot run in it.",
          "Create the folder or correct its name.");
    }
    try {
      return builder.start();
    } catch (IOException missing) {
      String program = command.arguments().get(0);
      throw new SlipwayException(
          ExitCode.REFUSED,
          "The program " + program + " could not be started on this machine.",
          "Install " + program + " or put its folder on PATH.",
          missing);
    }
  }

  private static void drain(InputStream from, OutputStream to) {
    try (from;
        to) {
      from.transferTo(to);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void feed(Process process, ShellCommand command) {
    byte[] input = command.input().map(Secret::reveal).orElse("").getBytes(StandardCharsets.UTF_8);
    try (OutputStream standardInput = process.getOutputStream()) {
      standardInput.write(input);
    } catch (IOException closedByTheProgram) {
      // A program may end without reading all of its input; its exit status says whether that is
      // a fault.
    }
  }

  private static CompletableFuture<Void> inThread(Runnable work) {
    return CompletableFuture.runAsync(
        work, task -> DaemonThreads.start("local process stream", task));
  }

  private static SlipwayException outOfTime(
      ShellCommand command, Duration deadline, Throwable cause) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "\"" + command + "\" did not end within " + deadline.toSeconds() + " s and was killed.",
        "Run it by hand to see what it waits for, or allow it more time.",
        cause);
  }

  private static SlipwayException interrupted(ShellCommand command, Throwable cause) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "\"" + command + "\" was interrupted and killed.",
        "Run again when ready.",
        cause);
  }
}
