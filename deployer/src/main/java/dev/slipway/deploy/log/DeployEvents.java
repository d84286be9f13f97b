package dev.slipway.deploy.log;

import dev.slipway.plan.Step;
import java.time.Duration;

/** Somebody who is told of a deployment as it goes, in words without secrets. */
public interface DeployEvents {

  /** Nobody. */
  DeployEvents NONE = new DeployEvents() {};

  /** Both, the first one first. */
  static DeployEvents both(DeployEvents one, DeployEvents other) {
    return new DeployEvents() {
      @Override
      public void stepStarted(int number, int of, Step step) {
        one.stepStarted(number, of, step);
        other.stepStarted(number, of, step);
      }

      @Override
      public void stepFinished(Duration took) {
        one.stepFinished(took);
        other.stepFinished(took);
      }

      @Override
      public void line(String redacted) {
        one.line(redacted);
        other.line(redacted);
      }

      @Override
      public void progress(String redacted) {
        one.progress(redacted);
        other.progress(redacted);
      }
    };
  }

  /** A step begins. */
  default void stepStarted(int number, int of, Step step) {}

  /** The step that began last ended well. */
  default void stepFinished(Duration took) {}

  /** A line between steps, or what a step printed. */
  default void line(String redacted) {}

  /** How far a step is, until it says so again. */
  default void progress(String redacted) {}
}
