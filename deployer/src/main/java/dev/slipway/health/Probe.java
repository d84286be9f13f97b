package dev.slipway.health;

import dev.slipway.effect.http.HttpAnswer;
import java.io.IOException;

/** Asks the health endpoint once, from somewhere. */
@FunctionalInterface
public interface Probe {

  /**
   * Asks once.
   *
   * @throws IOException when nothing came back
   */
  HttpAnswer ask() throws IOException;
}
