package dev.slipway.pipeline.selftest;

import dev.slipway.command.Conversation;
import dev.slipway.pipeline.PlatformUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.images.builder.Transferable;

/**
 * A process in the idle backend that has imported alembic and SQLAlchemy, and runs each call in a
 * fork of itself: hundreds of calls would spend most of their time with imports.
 */
final class PreloadedPython implements AutoCloseable {

  private static final String SCRIPT = "/tmp/preloaded.py";
  private static final String SOCKET = "/tmp/preloaded.socket";
  private static final Duration START = Duration.ofMinutes(1);

  private final Conversation server;

  private PreloadedPython(Conversation server) {
    this.server = server;
  }

  static PreloadedPython start(PlatformUnderTest sample) {
    var container = sample.rig().idleBackend();
    container.copyFileToContainer(Transferable.of(script(), 0644), SCRIPT);
    Conversation server =
        sample
            .engine()
            .converse(
                container.getContainerId(),
                Optional.empty(),
                Map.of(),
                List.of("python3", SCRIPT, "serve", SOCKET));
    if (server.hear(START).isEmpty()) {
      String said = server.lastWords();
      server.close();
      throw new IllegalStateException("Python does not start in the backend's image: " + said);
    }
    return new PreloadedPython(server);
  }

  /** The same call, to be made there. */
  static List<String> words(List<String> command) {
    List<String> words = new ArrayList<>(List.of("python3", "-I", "-S", SCRIPT, "call", SOCKET));
    words.addAll(command);
    return words;
  }

  private static String script() {
    try (InputStream stream =
        Objects.requireNonNull(PreloadedPython.class.getResourceAsStream("preloaded.py"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
