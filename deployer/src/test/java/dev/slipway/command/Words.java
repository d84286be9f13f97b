package dev.slipway.command;

import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.slipway.Secret;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quicktheories.core.Gen;

/**
 * What a command is made of: plain words, but for one place, or for all, where a hostile one is.
 */
public final class Words {

  private static final List<String> FRAGMENTS =
      List.of(
          "'",
          "\"",
          "\\",
          "`escape`",
          "$(escape)",
          "$(touch escaped)",
          ";escape;",
          "&& escape &&",
          "|escape|",
          "&",
          "\nescape\n",
          ">escaped",
          "<(escape)",
          "'; touch escaped; '",
          "\"; touch escaped; \"",
          "') ; escape ; ('",
          "\r",
          "\r\n",
          "\t",
          " ",
          "*",
          "?",
          "[a-z]",
          "{a,b}",
          "~",
          "$HOME",
          "${IFS}",
          "$'\\n'",
          "$0",
          "!!",
          "#",
          "%s",
          "\\n",
          "-",
          "--",
          "--help",
          "=",
          "/",
          "..",
          ":",
          "@",
          ",",
          "TAG",
          "docker",
          "docker-compose",
          "sudo",
          "host=elsewhere",
          "a",
          "ü",
          "⛵",
          "\uD83D\uDEA2",
          "\u2028",
          "\u00a0",
          "\u202e",
          "\u0001",
          "\u001b[31m",
          "\u007f",
          "long".repeat(4_000));

  private static final Set<String> COMMITS = Set.of("commit", "older", "newer");

  /** The programs of a command that is made elsewhere, which are the team's or this machine's. */
  private static final Set<String> PROGRAMS = Set.of("program", "command");

  private static final int LONGEST_FILE_NAME = 50;

  /** Where the folders are that commands are given. */
  public static final String FOLDERS = "/folders/";

  /** Where the files are that commands are given. */
  public static final String FILES = "/files/";

  private static final int ALL = -1;
  private static final int NONE = -2;

  private final String hostile;
  private final int place;
  private final String folder;
  private final List<String> asked = new ArrayList<>();

  private Words(String hostile, int place, String folder) {
    this.hostile = hostile;
    this.place = place;
    this.folder = folder;
  }

  /** Words that no shell and no program misunderstands. */
  static Words plain(String folder) {
    return new Words("", NONE, folder);
  }

  /** A hostile word in one place. */
  static Words hostile(String word, int place, String folder) {
    return new Words(word, place, folder);
  }

  /** A hostile word in every place. */
  static Words hostile(String word, String folder) {
    return new Words(word, ALL, folder);
  }

  /** Words that a shell might take for more than words, and some that are merely foreign. */
  public static Gen<String> generated() {
    Gen<String> nasty =
        lists()
            .of(arbitrary().pick(FRAGMENTS))
            .ofSizeBetween(0, 5)
            .map(parts -> String.join("", parts));
    Gen<String> foreign =
        strings()
            .basicMultilingualPlaneAlphabet()
            .ofLengthBetween(0, 20)
            .map(text -> text.replaceAll("[\\x00\\p{Cs}]", ""));
    return nasty.mix(foreign, 10);
  }

  /** Each piece alone and many of the generated, since one run of a shell can take many. */
  public static Gen<List<String>> manyGenerated() {
    return lists()
        .of(generated())
        .ofSize(60)
        .map(words -> Stream.concat(FRAGMENTS.stream(), words.stream()).toList());
  }

  /** Two words that any missing quotes would show, one of them of one line. */
  public static List<String> worst() {
    String line = " a * ~ $HOME $(escape) `escape` ' \" ; escape ; \\ >escaped ";
    return List.of(line, line + "\nescape\n");
  }

  /** The places that were asked for, by the names of their parameters. */
  List<String> asked() {
    return asked;
  }

  private String next(String name) {
    boolean here = place == ALL || place == asked.size();
    asked.add(name);
    if (!here) {
      return plainFor(name);
    }
    // Leading dashes stay in front; other words make a path that is absolute.
    return isPath(name) && !hostile.startsWith("-") ? below(hostile, name) : hostile;
  }

  private String plainFor(String name) {
    if (COMMITS.contains(name)) {
      return "c0ffee";
    }
    if (name.equals("mode")) {
      return "0600";
    }
    return isPath(name) ? below("plain", name) : name.equals("name") ? "TAG" : "word";
  }

  private String below(String word, String name) {
    String fileName = "it's " + word.replace('/', '_');
    return folder
        + (isFolder(name) ? FOLDERS : FILES)
        + fileName.substring(
            0, fileName.offsetByCodePoints(0, Math.min(LONGEST_FILE_NAME, points(fileName))));
  }

  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isPath(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return isFolder(name) || Stream.of("file", "path").anyMatch(lower::endsWith);
  }

  private static boolean isFolder(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Stream.of("checkout", "directory", "folder", "context").anyMatch(lower::endsWith);
  }

  /** A value for a parameter. */
  Object value(Type type, String name) {
    if (type instanceof ParameterizedType generic) {
      return container(generic, name);
    }
    if (type == String.class) {
      return next(name);
    }
    if (type == Secret.class) {
      return Secret.of(next(name));
    }
    if (type == int.class || type == Integer.class) {
      return 7;
    }
    if (type == long.class) {
      return 7L;
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == Duration.class) {
      return Duration.ofSeconds(7);
    }
    if (type == Instant.class) {
      return Instant.EPOCH;
    }
    if (type == Path.class) {
      return Path.of(next(name));
    }
    if (type == ShellCommand.class) {
      return ShellCommand.of("docker", "info", "--", next(name));
    }
    if (type instanceof Class<?> known && known.isEnum()) {
      return known.getEnumConstants()[0];
    }
    if (type instanceof Class<?> known && known.isRecord()) {
      return record(known);
    }
    throw new AssertionError("no word for " + name + ", a " + type + ": teach Words#value");
  }

  private Object container(ParameterizedType type, String name) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] of = type.getActualTypeArguments();
    if (raw.isAssignableFrom(List.class)) {
      Object first = PROGRAMS.contains(name) ? "program" : value(of[0], name);
      return List.of(first, value(of[0], name));
    }
    if (raw == Set.class) {
      return Set.of(value(of[0], name));
    }
    if (raw == Optional.class) {
      return Optional.of(value(of[0], name));
    }
    if (raw == Map.class) {
      return Map.of("GIVEN", value(of[1], name));
    }
    throw new AssertionError("no word for " + name + ", a " + type + ": teach Words#container");
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values =
        Stream.of(components)
            .map(component -> value(component.getGenericType(), component.getName()))
            .toArray();
    try {
      return type.getDeclaredConstructor(
              Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
          .newInstance(values);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof IllegalArgumentException reason) {
        throw reason;
      }
      throw new AssertionError(refused.getCause());
    } catch (ReflectiveOperationException unreachable) {
      throw new LinkageError(type + " cannot be made", unreachable);
    }
  }
}
