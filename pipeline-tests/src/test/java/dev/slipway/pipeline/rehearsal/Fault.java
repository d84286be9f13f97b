package dev.slipway.pipeline.rehearsal;

import dev.slipway.pipeline.rehearsal.Pauses.At;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import java.util.Map;
import java.util.Optional;

/**
 * Something that befalls a deployment.
 *
 * @param name what happens
 * @param moment when, in words
 * @param wanted the release that is being deployed
 * @param before done before the run begins
 * @param at the command on the server that is held while {@code strike} is done; none: nothing is
 * @param strike makes it happen
 * @param repair what is mended before the next run; nothing where nobody needs to
 * @param outage for how long users lose requests, whatever a deployer does
 */
record Fault(
    String name,
    String moment,
    Wanted wanted,
    Strike before,
    Optional<At> at,
    Strike strike,
    Strike repair,
    Outage outage) {

  /** What does nothing. */
  static final Strike NOTHING = scene -> {};

  /** One that happens while a command on the server is held. */
  static Fault at(String name, String moment, Wanted wanted, At at, Strike strike) {
    return new Fault(name, moment, wanted, NOTHING, Optional.of(at), strike, NOTHING, Outage.NONE);
  }

  /** One that is there from the start. */
  static Fault fromTheStart(String name, String moment, Wanted wanted, Strike before) {
    return new Fault(name, moment, wanted, before, Optional.empty(), NOTHING, NOTHING, Outage.NONE);
  }

  /** The same after a preparation. */
  Fault after(Strike preparation) {
    return new Fault(name, moment, wanted, preparation, at, strike, repair, outage);
  }

  /** The same with something mended in the end. */
  Fault mendedBy(Strike mending) {
    return new Fault(name, moment, wanted, before, at, strike, mending, outage);
  }

  /** The same with an outage. */
  Fault with(Outage some) {
    return new Fault(name, moment, wanted, before, at, strike, repair, some);
  }

  /**
   * What a fault is made with.
   *
   * @param variables what the process is started with, for a fault that happens before that
   * @param wanted the release that is being deployed
   * @param running the process, once it runs
   */
  record Scene(
      Production production,
      Pauses pauses,
      Map<String, String> variables,
      Candidate wanted,
      Optional<SlipwayProcess> running) {

    SlipwayProcess process() {
      return running.orElseThrow();
    }

    /** Runs a script on the server as root. */
    void onServer(String script) {
      production.onServer(script);
    }
  }

  /** Makes a fault happen, or mends it. */
  interface Strike {
    void on(Scene scene);

    /** This, and then something else. */
    default Strike then(Strike next) {
      return scene -> {
        on(scene);
        next.on(scene);
      };
    }
  }

  /** For how long the fault itself takes the platform, or a part of it, from its users. */
  enum Outage {
    /** Nobody notices. */
    NONE("none"),
    /** From a moment before it strikes until the edge answers well again. */
    UNTIL_IT_ANSWERS("while it is away"),
    /** The same, and again when the next run replaces the service, as its plan tells. */
    AND_IN_THE_NEXT_RUN("while it is away, and up to 1 s in the next run"),
    /** In the next run, which replaces the edge, as its plan tells. */
    IN_THE_NEXT_RUN("up to 1 s in the next run"),
    /** From a moment before it strikes until the next run: no edge comes up by itself. */
    OF_THE_EDGE("until the next run"),
    /** From the preparation until the next run has ended. */
    UNTIL_THE_NEXT_RUN("until the next run");

    private final String words;

    Outage(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Which release is deployed while it happens. */
  enum Wanted {
    /** One whose images the server has. */
    KNOWN,
    /** One that is neither published nor on the server. */
    FRESH,
    /** One like that whose images go through SSH. */
    SENT,
    /** One that keeps the images of one release before it, and no more. */
    KEEPING_ONE,
    /** One with a migration that takes some seconds. */
    MIGRATING,
    /** One whose backend may have too little memory. */
    STARVED,
    /** One whose edge is configured in another way. */
    OTHER_EDGE,
    /** One whose Redis, which is replaced in place, is configured in another way. */
    OTHER_REDIS,
    /** One that takes the place of a backend that needs some seconds to stop. */
    AFTER_ONE_THAT_STOPS_SLOWLY;

    /** Whether the next fault begins with what served before this one. */
    boolean isShortLived() {
      return switch (this) {
        case MIGRATING, STARVED, OTHER_EDGE, OTHER_REDIS -> true;
        case KNOWN, FRESH, SENT, KEEPING_ONE, AFTER_ONE_THAT_STOPS_SLOWLY -> false;
      };
    }
  }

  @Override
  public String toString() {
    return name + ": " + moment;
  }
}
