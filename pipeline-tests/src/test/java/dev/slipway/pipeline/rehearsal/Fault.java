package dev.slipway.pipeline.rehearsal;

import dev.slipway.pipeline.rehearsal.Pauses.At;
import java.util.Map;
import java.util.Optional;

/**
 * Something that befalls a deployment.
 *
 * @param name what happens
 * @param moment when, in words
 * @param at the command on the server that is held meanwhile; none: it happens before the start
 * @param wanted the release that is being deployed
 * @param strike makes it happen
 * @param repair what is mended before the next run; nothing where nobody needs to
 * @param takesThePlatformAway whether users lose requests whatever the deployer does
 */
record Fault(
    String name,
    String moment,
    Optional<At> at,
    Wanted wanted,
    Strike strike,
    Strike repair,
    boolean takesThePlatformAway) {

  /**
   * What a fault is made with.
   *
   * @param variables what the process is started with, for a fault that happens before that
   * @param running the process, once it runs
   */
  record Scene(
      Production production,
      Pauses pauses,
      Map<String, String> variables,
      Optional<SlipwayProcess> running) {

    SlipwayProcess process() {
      return running.orElseThrow();
    }
  }

  /** Makes a fault happen, or mends it. */
  interface Strike {
    void on(Scene scene);
  }

  /** Which release is deployed while it happens. */
  enum Wanted {
    /** One whose images the server has. */
    KNOWN,
    /** One that the server has never seen. */
    FRESH,
    /** One with a migration that takes some seconds. */
    MIGRATING,
    /** One whose backend may have too little memory. */
    STARVED,
    /** One that takes the place of a backend that needs some seconds to stop. */
    AFTER_ONE_THAT_STOPS_SLOWLY;

    /** Whether the next fault begins with what served before this one. */
    boolean isShortLived() {
      return this == MIGRATING || this == STARVED;
    }
  }

  @Override
  public String toString() {
    return name + ": " + moment;
  }
}
