package dev.slipway.command;

import java.time.Duration;
import java.util.Optional;

/** A running program that is talked to in lines. */
public interface Conversation extends AutoCloseable {

  /** Writes a line to its standard input. */
  void say(String line);

  /**
   * The next line of its standard output.
   *
   * @param deadline how long to wait for one
   * @return empty when it has ended, or when the deadline passed first
   */
  Optional<String> hear(Duration deadline);

  /** Whether it has ended and nothing more will be heard. */
  boolean ended();

  /** The end of what it wrote to its standard error. */
  String lastWords();

  /** Ends its standard input, and with that the program. */
  @Override
  void close();
}
