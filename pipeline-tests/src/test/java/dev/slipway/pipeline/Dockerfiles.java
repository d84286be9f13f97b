package dev.slipway.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The little that the suites read from Dockerfiles. */
final class Dockerfiles {

  private static final Pattern FROM =
      Pattern.compile("(?im)^\\s*FROM\\s+(?:--platform=\\S+\\s+)?(\\S+)");

  private Dockerfiles() {}

  static String firstBase(Path dockerfile) {
    try {
      Matcher matcher = FROM.matcher(Files.readString(dockerfile));
      if (!matcher.find()) {
        throw new AssertionError(dockerfile + " has no FROM; begin it with the image to build on");
      }
      return matcher.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
