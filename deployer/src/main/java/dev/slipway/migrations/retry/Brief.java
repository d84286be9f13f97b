package dev.slipway.migrations.retry;

/** A statement, short enough for a sentence. */
final class Brief {

  private static final int LENGTH = 120;

  private Brief() {}

  static String of(String statement) {
    String line = statement.replaceAll("\\s+", " ");
    return line.length() <= LENGTH ? line : line.substring(0, LENGTH) + " …";
  }
}
