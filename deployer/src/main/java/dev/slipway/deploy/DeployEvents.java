package dev.slipway.deploy;

import dev.slipway.plan.Step;
import java.time.Duration;

/** Somebody who is told of a deployment as it goes, in words without secrets. */
public interface DeployEvents {

  /** Nobody. */
  DeployEvents NONE = new DeployEvents() {};

  /** A step begins. */
  default void stepStarted(int number, int of, Step step) {}

  /** The step that began last ended well. */
  default void stepFinished(Duration took) {}

  /** A line between steps, or what a step printed. */
  default void line(String redacted) {}
}
