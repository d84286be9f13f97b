package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.release.ReleaseManifest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Publishes the images of a green verdict. */
@Command(
    name = "release",
    description =
        "Publish the images that the green verdict of this commit names: tag them, push them to the registry, and write release.json.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  REGISTRY=registry.example/platform-v2 slipway release"})
@SuppressWarnings("NullAway.Init")
final class ReleaseCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Override
  public Integer call() {
    ReleaseManifest release;
    try (Project project = cli.project()) {
      release = project.publish(project.release(cli.clock()), cli.clock(), cli.log()::note);
    }
    if (cli.json()) {
      cli.out().println(Json.line(release));
    } else {
      release.images().forEach((service, image) -> cli.log().note(service + " " + image.pinned()));
      cli.log().note("Released " + release.briefCommit() + ".");
    }
    return ExitCode.SUCCESS.status();
  }
}
