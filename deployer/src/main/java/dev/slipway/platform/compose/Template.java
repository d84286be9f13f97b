package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A text of a compose file with its variables, such as {@code ${REGISTRY:?}/backend:${TAG:-dev}}.
 *
 * @param parts what it consists of, in order
 */
public record Template(List<Part> parts) {

  /** A piece of a template. */
  public sealed interface Part {}

  /** Text that stands for itself. */
  public record Literal(String text) implements Part {}

  /**
   * A variable.
   *
   * @param name its name
   * @param operator what happens when it is unset or empty
   * @param word the default, message or replacement after the operator
   */
  public record Reference(String name, Operator operator, Template word) implements Part {

    /** Whether its word is used only where this variable is set. */
    private boolean provides(String variable) {
      return operator.kind() == Variable.Kind.REPLACED && variable.equals(name);
    }
  }

  /** What stands between a variable's name and its word. */
  public enum Operator {
    NONE("", Variable.Kind.PLAIN, false),
    DEFAULT_IF_EMPTY(":-", Variable.Kind.DEFAULTED, true),
    DEFAULT_IF_UNSET("-", Variable.Kind.DEFAULTED, false),
    REQUIRED_NOT_EMPTY(":?", Variable.Kind.REQUIRED, true),
    REQUIRED_SET("?", Variable.Kind.REQUIRED, false),
    REPLACED_IF_NOT_EMPTY(":+", Variable.Kind.REPLACED, true),
    REPLACED_IF_SET("+", Variable.Kind.REPLACED, false);

    private final String symbol;
    private final Variable.Kind kind;
    private final boolean emptyIsUnset;

    Operator(String symbol, Variable.Kind kind, boolean emptyIsUnset) {
      this.symbol = symbol;
      this.kind = kind;
      this.emptyIsUnset = emptyIsUnset;
    }

    String symbol() {
      return symbol;
    }

    public Variable.Kind kind() {
      return kind;
    }
  }

  public Template {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException when a {@code $} is followed by what the specification does
   *     not know; the message never holds the text, which may be a secret
   */
  public static Template parse(String text) {
    return new TemplateReader(text).read();
  }

  /** That of a value in a compose file; empty where it cannot be read. */
  public static Optional<Template> of(YamlNode.Scalar scalar) {
    try {
      return Optional.of(parse(scalar.text()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The text with the variables' values; what is unset and has no default becomes nothing. */
  String resolve(Map<String, String> environment) {
    return parts.stream().map(part -> resolve(part, environment)).collect(Collectors.joining());
  }

  private static String resolve(Part part, Map<String, String> environment) {
    if (part instanceof Literal literal) {
      return literal.text();
    }
    Reference reference = (Reference) part;
    Optional<String> value = value(reference, environment);
    return switch (reference.operator().kind()) {
      case PLAIN, REQUIRED -> value.orElse("");
      case DEFAULTED -> value.orElseGet(() -> reference.word().resolve(environment));
      case REPLACED -> value.isPresent() ? reference.word().resolve(environment) : "";
    };
  }

  private static Optional<String> value(Reference reference, Map<String, String> environment) {
    return Optional.ofNullable(environment.get(reference.name()))
        .filter(value -> !(reference.operator().emptyIsUnset && value.isEmpty()));
  }

  /** Whether every variable that decides the text has a value or a default. */
  boolean isComplete(Map<String, String> environment) {
    return parts.stream().allMatch(part -> isComplete(part, environment));
  }

  private static boolean isComplete(Part part, Map<String, String> environment) {
    if (!(part instanceof Reference reference)) {
      return true;
    }
    boolean set = value(reference, environment).isPresent();
    return switch (reference.operator().kind()) {
      case PLAIN, REQUIRED -> set;
      case DEFAULTED -> set || reference.word().isComplete(environment);
      case REPLACED -> !set || reference.word().isComplete(environment);
    };
  }

  /** Every variable in it, those within defaults included; not those that are set where used. */
  public List<Reference> references() {
    List<Reference> references = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Reference reference) {
        references.add(reference);
        reference.word().references().stream()
            .filter(inner -> !reference.provides(inner.name()))
            .forEach(references::add);
      }
    }
    return references;
  }

  /** Whether the file itself gives a text, be it as a variable's default. */
  public boolean holdsLiteral() {
    return parts.stream()
        .anyMatch(
            part ->
                part instanceof Literal
                    || (part instanceof Reference reference
                        && reference.operator().kind() != Variable.Kind.REQUIRED
                        && reference.word().holdsLiteral()));
  }
}
