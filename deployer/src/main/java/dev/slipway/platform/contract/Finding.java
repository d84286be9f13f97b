package dev.slipway.platform.contract;

/**
 * Something that a check found in a file.
 *
 * @param rule the name of the rule, such as {@code build-in-production}
 * @param severity whether it must be put right
 * @param file the file
 * @param line the line, counted from 1
 * @param what what is wrong, without any secret
 * @param fix what to write instead
 */
public record Finding(
    String rule, Severity severity, String file, int line, String what, String fix) {

  /** How much a finding weighs. */
  public enum Severity {
    /** Must be put right before anything is shipped. */
    ERROR,
    /** Worth knowing. */
    ADVICE
  }

  /** The finding as one line: {@code file:line rule what; fix}. */
  @Override
  public String toString() {
    return "%s:%d %s %s; %s".formatted(file, line, rule, what, fix);
  }
}
