package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.status.Maintenance;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lets the edge answer with a page that says that the platform is being maintained. */
@Command(
    name = "maintenance",
    description =
        "Show a maintenance page (503 with Retry-After) to all requests except the health address, or stop showing it. Nothing is deployed or reloaded; the page survives a restart of the edge, but not its replacement.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway maintenance on --page ops/moving.html",
      "  slipway maintenance off"
    })
@SuppressWarnings("NullAway.Init")
final class MaintenanceCommand implements Callable<Integer> {

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark"><title>Maintenance</title>
      <body style="font: 1.125rem/1.6 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem">
      <h1 style="font-size: 1.75rem">We are working on it</h1>
      <p>This service is being maintained and will be back shortly.</p></body></html>
      """;

  /** What the edge is to do. */
  enum Mode {
    on,
    off
  }

  @ParentCommand private SlipwayCli cli;

  @Parameters(paramLabel = "on|off", description = "Whether the platform is being maintained.")
  private Mode mode;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "The page to show; by default a plain one.")
  private @Nullable Path page;

  @Override
  public Integer call() {
    String text = page == null ? PAGE : read(page);
    try (Session session = cli.session()) {
      session.learnSecretsThatThereAre();
      Maintenance maintenance = session.maintenance();
      if (mode == Mode.on) {
        maintenance.begin(text);
      } else {
        maintenance.end();
      }
      boolean on = maintenance.isOn();
      cli.log()
          .note(
              on
                  ? "Maintenance is on: users get 503 until `slipway maintenance off`."
                  : "Maintenance is off: users are served.");
      if (cli.json()) {
        cli.out().println(Json.line(Map.of("maintenance", on)));
      }
      return ExitCode.SUCCESS.status();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw SlipwayException.refused(file + " is not UTF-8.", "Save the page as UTF-8.");
    } catch (IOException e) {
      throw SlipwayException.refused(
          file + " cannot be read: " + e.getMessage() + ".", "Name a readable file with --page.");
    }
  }
}
