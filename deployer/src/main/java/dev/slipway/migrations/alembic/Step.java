package dev.slipway.migrations.alembic;

/**
 * One revision, one way.
 *
 * @param direction which way
 * @param revision which
 * @param again whether it goes that way for the second time
 */
public record Step(Direction direction, Revision revision, boolean again) {

  /** The ways that a revision can go. */
  public enum Direction {
    UP,
    DOWN;

    String word() {
      return this == UP ? "up" : "down";
    }
  }

  /** Applies it. */
  public static Step up(Revision revision) {
    return new Step(Direction.UP, revision, false);
  }

  /** Takes it back. */
  public static Step down(Revision revision) {
    return new Step(Direction.DOWN, revision, false);
  }

  /** Applies it once more. */
  public static Step upAgain(Revision revision) {
    return new Step(Direction.UP, revision, true);
  }
}
