package dev.slipway.pipeline.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The arguments of all processes that this machine shows, looked at a hundred times a second. */
final class ProcessSamples implements AutoCloseable {

  private static final long EVERY_MILLIS = 10;

  private final Set<String> lines = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> sampling =
      sampler.scheduleWithFixedDelay(this::sample, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);

  private void sample() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        lines.add(arguments(process));
      }
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static String arguments(Path process) {
    try {
      return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1)
          .replace('\0', '\n');
    } catch (IOException ended) {
      return "";
    }
  }

  /** All that was seen. */
  String text() {
    if (sampling.isDone()) {
      throw new AssertionError("the samples were not taken to the end: " + sampling);
    }
    return String.join("\n\n", lines);
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}
