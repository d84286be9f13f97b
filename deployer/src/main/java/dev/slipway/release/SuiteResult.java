package dev.slipway.release;

/**
 * How one suite ended.
 *
 * @param stage the stage it belongs to, such as {@code migrations}
 * @param name the suite's class name without package
 * @param tests how many ran
 * @param failed how many of them failed
 * @param skipped how many did not run
 * @param durationMillis wall time in milliseconds
 */
public record SuiteResult(
    String stage, String name, int tests, int failed, int skipped, long durationMillis) {}
