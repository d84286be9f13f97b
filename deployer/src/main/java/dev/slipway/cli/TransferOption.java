package dev.slipway.cli;

import dev.slipway.SlipwayException;
import dev.slipway.platform.Transfer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says how images come to the server. */
final class TransferOption {

  @Option(
      names = "--transfer",
      paramLabel = "WAY",
      description =
          "How images come to the server: auto, registry or ssh; by default what images.transfer in slipway.yml says.")
  private @Nullable String word;

  /** The way, if one was given. */
  Optional<Transfer> way() {
    return Optional.ofNullable(word)
        .map(
            given ->
                Transfer.find(given)
                    .orElseThrow(
                        () ->
                            SlipwayException.refused(
                                "--transfer is none of auto, registry and ssh: \"" + given + "\".",
                                "docs/images.md explains the three.")));
  }
}
