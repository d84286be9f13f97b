package dev.slipway.pipeline.selftest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something wrong with a platform, and which suite must say so.
 *
 * @param folder where its {@code fault.yml} and the files lie that it puts over the platform
 * @param title what is wrong, as one sentence
 * @param stage the stage that must fail
 * @param suite the simple name of the class that must fail
 * @param test its method that must fail; empty: the suite fails as a whole
 * @param also other methods that cannot but fail with it
 * @param alsoSuites other suites that cannot but fail with it
 * @param message texts that the failure must contain: the fault, and what to do about it
 * @param alone whether its test alone is run, and not the whole suite, to save time
 * @param nightly whether it takes too long for every merge request
 * @param rules the rules of migrations that it breaks, and no others; none: that is not looked at
 * @param edits places that it changes
 * @param sound what makes it right again, another way than by taking the fault away
 * @param delete files that it takes away
 */
record Fault(
    Path folder,
    String title,
    String stage,
    String suite,
    Optional<String> test,
    List<String> also,
    Set<String> alsoSuites,
    List<String> message,
    boolean alone,
    boolean nightly,
    Optional<Set<String>> rules,
    List<Edit> edits,
    List<Edit> sound,
    List<String> delete) {

  /** The file that says all this. */
  static final String FILE = "fault.yml";

  Fault {
    also = List.copyOf(also);
    alsoSuites = Set.copyOf(alsoSuites);
    message = List.copyOf(message);
    rules = rules.map(Set::copyOf);
    edits = List.copyOf(edits);
    sound = List.copyOf(sound);
    delete = List.copyOf(delete);
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** The same with more edits, such as those that make it right. */
  Fault with(List<Edit> more) {
    return new Fault(
        folder,
        title,
        stage,
        suite,
        test,
        also,
        alsoSuites,
        message,
        alone,
        nightly,
        rules,
        Stream.concat(edits.stream(), more.stream()).toList(),
        sound,
        delete);
  }

  @Override
  public String toString() {
    return name();
  }
}
