package dev.slipway.pipeline.rehearsal;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Holds a chosen command on the stand-in server, so that a fault strikes at that moment: {@code
 * fixtures/target/pause} stands there for the programs that a deployment calls.
 */
final class Pauses implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String PROGRAMS = "docker docker-compose git touch rm mv";

  private final Production production;

  Pauses(Production production) {
    this.production = production;
    Path program = production.root().resolve("fixtures/target/pause");
    CommandResult copied =
        production
            .rig()
            .docker(
                "cp", program.toString(), production.rig().name() + "-target:/usr/local/bin/pause");
    if (!copied.succeeded()) {
      throw new IllegalStateException("no pause could be put on the server: " + copied.tail(3));
    }
    production.onServer(
        "chmod 755 /usr/local/bin/pause; for program in "
            + PROGRAMS
            + "; do [ ! -e /usr/bin/$program ] || cp /usr/local/bin/pause /usr/local/bin/$program; done");
  }

  /**
   * Which command is held.
   *
   * @param when before, after or during its work
   * @param pattern an extended regular expression for the program's name and arguments
   * @param which the first, the second of those that match
   */
  record At(String when, String pattern, int which) {

    static At before(String pattern) {
      return new At("before", pattern, 1);
    }

    static At after(String pattern) {
      return new At("after", pattern, 1);
    }

    static At during(String pattern) {
      return new At("during", pattern, 1);
    }

    At number(int number) {
      return new At(when, pattern, number);
    }
  }

  /** Holds the command when it comes. */
  void arm(At at) {
    production.onServer(
        "rm -rf /run/pause; mkdir -m 777 /run/pause; printf '%s\\n' "
            + at.when()
            + " '"
            + at.pattern()
            + "' "
            + at.which()
            + " > /run/pause/.at; chmod 644 /run/pause/.at; mv /run/pause/.at /run/pause/at");
  }

  /** Waits until the command is held; whoever sends it must be alive until then. */
  void await(At at, BooleanSupplier alive, Supplier<String> told) {
    Eventually.within(
        PATIENCE,
        () -> reached() || !alive.getAsBoolean(),
        () -> at + " was never reached:\n" + told.get());
    if (!reached()) {
      throw new AssertionError("slipway ended before " + at + ":\n" + told.get());
    }
  }

  private boolean reached() {
    return production.rig().onServer("test", "-e", "/run/pause/reached").succeeded();
  }

  /** Lets the held command do its work, and all after it; waits until it knows. */
  void release() {
    go("run");
  }

  /** Has a command that is held before its work end without it; waits until it knows. */
  void abandon() {
    go("end");
  }

  private void go(String what) {
    production.onServer(
        "mkdir -p /run/pause; cd /run/pause; rm -f at; echo "
            + what
            + " > .go; mv .go go; [ ! -e reached ] || { read -r pid < reached;"
            + " until [ -e passed ] || ! kill -0 \"$pid\" 2>/dev/null; do sleep 0.05; done; }");
  }

  @Override
  public void close() {
    release();
    production.onServer(
        "for program in " + PROGRAMS + " pause; do rm -f /usr/local/bin/$program; done");
  }
}
