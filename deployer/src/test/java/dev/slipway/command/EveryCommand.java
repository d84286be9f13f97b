package dev.slipway.command;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every method of the product that makes a command, found by reflection so that none can be
 * forgotten; {@link #makers} tells what makes one without such a method.
 *
 * @param method the method
 * @param constant the constant that it is called on, where its class is an enumeration
 */
public record EveryCommand(Method method, Optional<Object> constant) {

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.slipway");

  private static final List<EveryCommand> ALL = find();

  /** Each of them; of an enumeration, for each of its constants. */
  public static List<EveryCommand> all() {
    return ALL;
  }

  private static List<EveryCommand> find() {
    return PRODUCT.stream()
        .filter(type -> !type.isEquivalentTo(ShellCommand.class))
        .filter(type -> type.getMethods().stream().anyMatch(EveryCommand::makesACommand))
        .map(JavaClass::reflect)
        .flatMap(EveryCommand::of)
        .sorted(Comparator.comparing(EveryCommand::toString))
        .toList();
  }

  private static boolean makesACommand(JavaMethod method) {
    return method.getRawReturnType().isEquivalentTo(ShellCommand.class)
        && !method.getModifiers().contains(JavaModifier.PRIVATE)
        && !method.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  /**
   * The methods outside the package of commands that make one or add words to one, and are none of
   * {@link #all}.
   */
  static Set<String> makers() {
    return PRODUCT.stream()
        .filter(type -> !type.getPackageName().equals("dev.slipway.command"))
        .flatMap(type -> type.getAccessesFromSelf().stream())
        .filter(access -> access.getTargetOwner().isEquivalentTo(ShellCommand.class))
        .filter(access -> Set.of("of", "with", "<init>").contains(access.getName()))
        .map(JavaAccess::getOrigin)
        .filter(origin -> !(origin instanceof JavaMethod method && makesACommand(method)))
        .map(origin -> origin.getOwner().getSimpleName() + "#" + origin.getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<EveryCommand> of(Class<?> type) {
    Collection<Object> constants =
        type.isEnum() ? Arrays.asList(type.getEnumConstants()) : List.of();
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> method.getReturnType() == ShellCommand.class)
        .filter(method -> !Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic())
        .flatMap(
            method ->
                constants.isEmpty() || Modifier.isStatic(method.getModifiers())
                    ? Stream.of(new EveryCommand(method, Optional.empty()))
                    : constants.stream().map(each -> new EveryCommand(method, Optional.of(each))));
  }

  /** The command with these words; nothing when it refuses one of them. */
  public Optional<ShellCommand> with(Words words) {
    try {
      Object receiver =
          Modifier.isStatic(method.getModifiers())
              ? null
              : constant.orElseGet(() -> words.value(method.getDeclaringClass(), "receiver"));
      Object[] values =
          Stream.of(method.getParameters())
              .map(each -> words.value(each.getParameterizedType(), each.getName()))
              .toArray();
      method.setAccessible(true);
      return Optional.of((ShellCommand) method.invoke(receiver, values));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    } catch (InvocationTargetException failed) {
      if (failed.getCause() instanceof IllegalArgumentException) {
        return Optional.empty();
      }
      throw new AssertionError(this + " failed", failed.getCause());
    } catch (IllegalAccessException unreachable) {
      throw new AssertionError(unreachable);
    }
  }

  /** Makes it with plain words, which it must not refuse; tells for which places it asked. */
  public List<String> places(String folder) {
    Words words = Words.plain(folder);
    if (with(words).isEmpty()) {
      throw new AssertionError(this + " refuses plain words: give it better ones in Words#plain");
    }
    return words.asked();
  }

  /**
   * Makes every command with one of the words in each place in turn, and in all places at once;
   * those that refuse the word are left out.
   */
  public static List<ShellCommand> withEach(List<String> hostile, String folder) {
    List<ShellCommand> made = new ArrayList<>();
    int next = 0;
    for (EveryCommand each : all()) {
      int places = each.places(folder).size();
      each.with(Words.plain(folder)).ifPresent(made::add);
      for (int place = 0; place <= places; place++) {
        String word = hostile.get(next++ % hostile.size());
        Words words =
            place == places ? Words.hostile(word, folder) : Words.hostile(word, place, folder);
        each.with(words).ifPresent(made::add);
      }
    }
    return made;
  }

  @Override
  public String toString() {
    return method.getDeclaringClass().getSimpleName()
        + constant.map(each -> "." + each).orElse("")
        + "#"
        + method.getName()
        + Arrays.toString(method.getParameterTypes());
  }
}
