package dev.slipway.cli;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import java.io.Console;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is asked of the person at the terminal, if there is one. */
final class Questions {

  private final @Nullable Console console;

  Questions(@Nullable Console console) {
    this.console = console;
  }

  static Questions ofTerminal() {
    return new Questions(System.console());
  }

  /** Refuses to go on unless {@code yes} was given or the person agrees. */
  void confirm(boolean yes, String question) {
    if (yes) {
      return;
    }
    if (console == null) {
      throw SlipwayException.refused(
          "There is no terminal to ask for a confirmation.", "Add --yes when the plan is right.");
    }
    Console asked = console;
    Optional<String> answer =
        Interruption.answer(() -> Optional.ofNullable(asked.readLine("%s [y/N] ", question)));
    if (answer.filter(text -> text.strip().matches("(?i)y(es)?")).isEmpty()) {
      throw SlipwayException.refused("It was not confirmed.", "Nothing was changed.");
    }
  }

  /**
   * A value for each name: from the environment, else typed without echo.
   *
   * @throws SlipwayException with all names that have neither
   */
  Map<String, Secret> secrets(Set<String> names, Environment environment) {
    Map<String, Secret> values = new TreeMap<>();
    Set<String> missing = new TreeSet<>();
    for (String name : names) {
      environment
          .find(name)
          .map(Secret::of)
          .or(() -> ask(name))
          .ifPresentOrElse(value -> values.put(name, value), () -> missing.add(name));
    }
    if (!missing.isEmpty()) {
      throw SlipwayException.refused(
          "There is no value for " + String.join(", ", missing) + ".",
          "Set them as variables of these names, or run at a terminal, which asks for them.");
    }
    return values;
  }

  private Optional<Secret> ask(String name) {
    return Optional.ofNullable(console)
        .flatMap(
            asked ->
                Interruption.answer(() -> Optional.ofNullable(asked.readPassword("%s: ", name))))
        .map(String::new)
        .filter(text -> !text.isBlank())
        .map(Secret::of);
  }
}
