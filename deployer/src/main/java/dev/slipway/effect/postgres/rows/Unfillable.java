package dev.slipway.effect.postgres.rows;

/** A table that takes no row that could be thought of, and why. */
final class Unfillable extends Exception {

  private static final long serialVersionUID = 1;

  private final Kind kind;

  Unfillable(String reason) {
    this(reason, Kind.OTHER);
  }

  Unfillable(String reason, Kind kind) {
    super(reason);
    this.kind = kind;
  }

  /** What another row could do about it. */
  enum Kind {
    /** Nothing: whoever inserts into it is refused. */
    CLOSED,
    /** Nothing: PostgreSQL itself fills in what another row has. */
    NUMBER_TAKEN,
    /** Nothing: all rows that it may have are there. */
    FULL,
    /** Something, perhaps. */
    OTHER
  }

  Kind kind() {
    return kind;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
