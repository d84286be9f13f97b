package dev.slipway.platform.compose;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command that is written as one text into its words, as compose does: by blanks, with the
 * quotes and backslashes of a POSIX shell and nothing else of one.
 */
final class CommandWords {

  private static final String ESCAPED_IN_QUOTES = "\"\\$`";

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;
  private int next;

  private CommandWords(String text) {
    this.text = text;
  }

  /** Its words; a quote that is not closed reaches to the end. */
  static List<String> of(String text) {
    CommandWords words = new CommandWords(text);
    while (words.next < text.length()) {
      words.take(text.charAt(words.next++));
    }
    words.end();
    return words.words;
  }

  private void take(char character) {
    if (Character.isWhitespace(character)) {
      end();
      return;
    }
    begun = true;
    if (character == '\'' || character == '"') {
      takeQuoted(character);
    } else if (character == '\\' && next < text.length()) {
      word.append(text.charAt(next++));
    } else {
      word.append(character);
    }
  }

  private void takeQuoted(char quote) {
    while (next < text.length() && text.charAt(next) != quote) {
      char character = text.charAt(next++);
      boolean escape = quote == '"' && character == '\\' && next < text.length();
      if (escape && ESCAPED_IN_QUOTES.indexOf(text.charAt(next)) >= 0) {
        character = text.charAt(next++);
      }
      word.append(character);
    }
    next++;
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
      begun = false;
    }
  }
}
