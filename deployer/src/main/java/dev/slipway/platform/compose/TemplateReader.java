package dev.slipway.platform.compose;

import dev.slipway.platform.compose.Template.Literal;
import dev.slipway.platform.compose.Template.Operator;
import dev.slipway.platform.compose.Template.Part;
import dev.slipway.platform.compose.Template.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the interpolation syntax of compose files.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md">Compose
 *     specification, interpolation</a>
 */
final class TemplateReader {

  private static final Pattern NAME = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
  private static final List<Operator> OPERATORS =
      Arrays.stream(Operator.values())
          .filter(operator -> operator != Operator.NONE)
          .sorted(Comparator.comparing((Operator operator) -> -operator.symbol().length()))
          .toList();
  private static final int DEEPEST = 20;

  private final String text;
  private int position;

  TemplateReader(String text) {
    this.text = text;
  }

  Template read() {
    return readParts(0);
  }

  private Template readParts(int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("variables are nested more than " + DEEPEST + " deep");
    }
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    while (position < text.length() && !(depth > 0 && text.charAt(position) == '}')) {
      if (text.charAt(position) != '$') {
        literal.append(text.charAt(position++));
      } else if (text.startsWith("$$", position)) {
        literal.append('$');
        position += 2;
      } else {
        flush(literal, parts);
        position++;
        parts.add(readReference(depth));
      }
    }
    flush(literal, parts);
    return new Template(parts);
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (literal.length() > 0) {
      parts.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  private Reference readReference(int depth) {
    if (!text.startsWith("{", position)) {
      return new Reference(readName(), Operator.NONE, new Template(List.of()));
    }
    position++;
    String name = readName();
    Operator operator = readOperator();
    Template word = operator == Operator.NONE ? new Template(List.of()) : readParts(depth + 1);
    if (!text.startsWith("}", position)) {
      throw new IllegalArgumentException(
          "'${%s' is not closed, or its name is followed by something else than :- - :? ? :+ + or }"
              .formatted(name));
    }
    position++;
    return new Reference(name, operator, word);
  }

  private String readName() {
    Matcher matcher = NAME.matcher(text).region(position, text.length());
    if (!matcher.lookingAt()) {
      throw new IllegalArgumentException(
          "'$' is not followed by the name of a variable; write '$$' for a plain dollar sign");
    }
    position = matcher.end();
    return matcher.group();
  }

  private Operator readOperator() {
    for (Operator operator : OPERATORS) {
      if (text.startsWith(operator.symbol(), position)) {
        position += operator.symbol().length();
        return operator;
      }
    }
    return Operator.NONE;
  }
}
