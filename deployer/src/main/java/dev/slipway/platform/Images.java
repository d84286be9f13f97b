package dev.slipway.platform;

/**
 * How images come to the server, and how long they stay there.
 *
 * @param transfer the way they take
 * @param keep of how many releases before the one that serves they stay
 */
public record Images(Transfer transfer, int keep) {

  /** The conventions. */
  public static final Images DEFAULT = new Images(Transfer.AUTO, 5);

  /** Validates. */
  public Images {
    if (keep < 1) {
      throw new IllegalArgumentException("a way back needs the images of one release at least");
    }
  }

  /** The same by another way. */
  public Images by(Transfer other) {
    return new Images(other, keep);
  }
}
