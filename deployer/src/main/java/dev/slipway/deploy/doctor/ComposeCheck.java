package dev.slipway.deploy.doctor;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.Shell;
import dev.slipway.deploy.doctor.Preflight.Line;
import java.lang.module.ModuleDescriptor.Version;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which compose a server has, and whether it can do what is asked of it. */
final class ComposeCheck {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /**
   * The first that reads files without a {@code version}, conditions of {@code depends_on}
   * included.
   */
  private static final Version OLDEST_FIRST = Version.parse("1.27.0");

  /**
   * 2.3 fails at {@code up --no-deps}, and keeps a container whose tag now names another image.
   *
   * @see <a href="https://github.com/docker/compose/issues/9302">the thread</a>
   */
  private static final Version OLDEST_SECOND = Version.parse("2.5.0");

  private final Shell shell;
  private @Nullable Found found;

  ComposeCheck(Shell shell) {
    this.shell = shell;
  }

  private record Found(ComposeTool tool, String version) {}

  /** The generation that answers, the plugin first. */
  Optional<ComposeTool> tool() {
    return find().map(Found::tool);
  }

  Line line() {
    return find()
        .map(ComposeCheck::line)
        .orElse(Line.bad("compose", "not found", Preflight.INSTALL_COMPOSE));
  }

  /** Asked once: compose v1 takes half a second to say its version. */
  private Optional<Found> find() {
    if (found == null) {
      found = ask();
    }
    return Optional.ofNullable(found);
  }

  private @Nullable Found ask() {
    for (ComposeTool tool : ComposeTool.values()) {
      CommandResult result = shell.run(tool.version(), DEADLINE);
      if (result.succeeded()) {
        return new Found(tool, result.standardOutput().strip());
      }
    }
    return null;
  }

  private static Line line(Found found) {
    String text = String.join(" ", found.tool().words()) + " " + found.version();
    return oldestFor(found.version())
        .map(
            oldest ->
                Line.bad(
                    "compose",
                    text + ", older than " + oldest,
                    "Upgrade compose on the server: " + Preflight.COMPOSE_PACKAGES))
        .orElse(Line.good("compose", text));
  }

  /**
   * What is needed instead of a version; empty when it will do, or is none, as of a build by hand.
   */
  private static Optional<Version> oldestFor(String text) {
    String number = text.replaceFirst("^v", "");
    Version oldest = number.startsWith("1.") ? OLDEST_FIRST : OLDEST_SECOND;
    try {
      return Version.parse(number).compareTo(oldest) < 0 ? Optional.of(oldest) : Optional.empty();
    } catch (IllegalArgumentException byHand) {
      return Optional.empty();
    }
  }
}
