package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every test, fixture and file that {@code docs/proofs.md} names is there. */
class ProofsTest {

  private static final String NIGHTLY = "(?: \\(nightly\\))?";
  private static final Pattern TEST =
      Pattern.compile("\\b([A-Z]\\w+(?:Test|IT))((?:#\\w+)?N(?:, #\\w+N)*)".replace("N", NIGHTLY));
  private static final Pattern METHOD = Pattern.compile("#(\\w+)" + NIGHTLY);
  private static final Pattern FIXTURE = Pattern.compile("fault `([a-z0-9-]+)`" + NIGHTLY);
  private static final Pattern FILE =
      Pattern.compile(
          "`((?:bin|docs|fixtures|deployer|pipeline-tests|bench)/[\\w./-]+|[\\w-]+\\.md)");

  private final Checkout checkout = Checkout.current();
  private final List<String> rows =
      checkout.text("docs/proofs.md").lines().filter(line -> line.startsWith("| ")).toList();

  @Test
  void namesATestOrACommandForEveryPromise() {
    assertThat(rows)
        .hasSizeGreaterThan(80)
        .filteredOn(row -> !row.startsWith("| what is promised |"))
        .allSatisfy(
            row -> assertThat(row).containsPattern("Test\\b|IT\\b|`(bin|fixtures)/|fault `"));
  }

  @Test
  void namesOnlyTestsThatAreThere() throws IOException {
    Map<String, String> sources = testSources();
    for (String row : rows) {
      Matcher named = TEST.matcher(row);
      while (named.find()) {
        assertThat(sources).as(row).containsKey(named.group(1));
        Matcher method = METHOD.matcher(named.group(2));
        while (method.find()) {
          assertThat(sources.get(named.group(1)))
              .as("%s of %s, named in: %s", method.group(1), named.group(1), row)
              .contains("void " + method.group(1) + "(");
        }
      }
    }
  }

  @Test
  void marksEachEntryThatOnlyTheNightRuns() throws IOException {
    Map<String, String> sources = testSources();
    for (String row : rows) {
      Matcher named = TEST.matcher(row);
      while (named.find()) {
        String source = sources.getOrDefault(named.group(1), "");
        boolean all = isTagged(source.substring(0, source.indexOf("class " + named.group(1))));
        if (!named.group(2).startsWith("#")) {
          assertMarked(row, named.group(), all);
        }
        Matcher method = METHOD.matcher(named.group(2));
        while (method.find()) {
          String before = source.substring(0, source.indexOf("void " + method.group(1) + "("));
          assertMarked(
              row, method.group(), all || isTagged(before.substring(before.lastIndexOf("\n\n"))));
        }
      }
      Matcher fault = FIXTURE.matcher(row);
      while (fault.find()) {
        assertMarked(
            row,
            fault.group(),
            checkout
                .text("fixtures/broken/" + fault.group(1) + "/fault.yml")
                .contains("\nnightly: true"));
      }
    }
  }

  private static boolean isTagged(String annotations) {
    return annotations.contains("@Tag(\"nightly\")");
  }

  private static void assertMarked(String row, String entry, boolean nightly) {
    assertThat(entry.endsWith(" (nightly)"))
        .as("whether `%s` is marked (nightly) in: %s", entry, row)
        .isEqualTo(nightly);
  }

  @Test
  void namesOnlyFaultsAndFilesThatAreThere() {
    for (String row : rows) {
      Matcher fault = FIXTURE.matcher(row);
      while (fault.find()) {
        assertThat(checkout.resolve("fixtures/broken/" + fault.group(1) + "/fault.yml"))
            .as(row)
            .exists();
      }
      Matcher file = FILE.matcher(row);
      while (file.find()) {
        assertThat(checkout.resolve(file.group(1))).as(row).exists();
      }
    }
  }

  private Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (Path file : checkout.versionedFiles()) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith("Test.java") || name.endsWith("IT.java")) {
        sources.merge(name.replace(".java", ""), Files.readString(file), String::concat);
      }
    }
    return sources;
  }
}
