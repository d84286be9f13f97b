package dev.slipway.migrations.walk;

/**
 * What a walk does besides going up, down and up again.
 *
 * @param rows whether rows are put into the tables and followed
 * @param wayDown whether it goes all the way down once more at the end
 * @param everyLookComplete whether the whole catalog is read at each look, and not what changed
 *     only
 */
public record WalkOptions(boolean rows, boolean wayDown, boolean everyLookComplete) {

  /** Everything. */
  public static final WalkOptions FULL = new WalkOptions(true, true, false);

  /** The schema alone. */
  public static final WalkOptions SCHEMA = new WalkOptions(false, false, false);

  WalkOptions reading(boolean complete) {
    return new WalkOptions(rows, wayDown, complete);
  }
}
