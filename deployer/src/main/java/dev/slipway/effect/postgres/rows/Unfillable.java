package dev.slipway.effect.postgres.rows;

/** A table that takes no row that could be thought of, and why. */
final class Unfillable extends Exception {

  private static final long serialVersionUID = 1;

  Unfillable(String reason) {
    super(reason);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
