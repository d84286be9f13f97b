package dev.slipway.migrations;

/** What is asked of the revisions, apart from one another. */
public enum Part {
  /** Each goes up, down and up again. */
  WALK("every revision goes up, down and up again"),
  /** All at once make what each by itself makes. */
  ONE_TRANSACTION("all at once make what each by itself makes"),
  /** A killed one can be run again. */
  KILLED("a killed migration can be run again"),
  /** Two runs at once do no harm. */
  TWO_AT_ONCE("two migrations at once do no harm"),
  /** Nobody waits for long while one is applied. */
  LOCKS("nobody waits for long"),
  /** The models are what the migrations make. */
  DRIFT("the models are what the migrations make");

  private final String words;

  Part(String words) {
    this.words = words;
  }

  /** What it sees, as the end of "whether". */
  String words() {
    return words;
  }
}
