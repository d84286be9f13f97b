package dev.slipway.effect.docker;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;

/** An image that does not build. */
public final class ImageBuildFailed extends SlipwayException {

  private static final long serialVersionUID = 1L;

  private final String said;

  ImageBuildFailed(ImageBuild build, String said) {
    super(
        ExitCode.REFUSED,
        "The image of " + build.context().getFileName() + " does not build:\n" + said,
        "Mend "
            + build.context().getFileName()
            + "/"
            + build.recipe().getFileName()
            + "; `docker build "
            + build.context().getFileName()
            + "` shows it all.");
    this.said = said;
  }

  /** The last lines of the build. */
  public String said() {
    return said;
  }
}
