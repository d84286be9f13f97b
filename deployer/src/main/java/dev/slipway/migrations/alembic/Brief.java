package dev.slipway.migrations.alembic;

/** A statement, short enough for a sentence. */
public final class Brief {

  private static final int LENGTH = 120;

  private Brief() {}

  /** Such as {@code ALTER TABLE orders …}, in one line. */
  public static String of(String statement) {
    String line = statement.strip().replaceAll("\\s+", " ");
    return line.length() <= LENGTH ? line : line.substring(0, LENGTH) + " …";
  }
}
