package dev.slipway.pipeline.unit;

import dev.slipway.command.CommandResult;
import java.io.IOException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What came of each test in a run of pytest.
 *
 * @param passed those that passed
 * @param skipped those that said they cannot be run, or that they are known to fail
 * @param failed the others, each with the first line of what it said
 */
public record TestOutcomes(Set<String> passed, Set<String> skipped, Map<String, String> failed) {

  /** Makes pytest write its report where nothing else is written. */
  public static final List<String> REPORTED = List.of("--junitxml=/dev/stderr");

  private static final String BEGIN = "<?xml ";
  private static final String END = "</testsuites>";

  /** Copies. */
  public TestOutcomes {
    passed = Set.copyOf(passed);
    skipped = Set.copyOf(skipped);
  }

  /** Of a run that was {@link #REPORTED}; none when it broke off before it wrote a report. */
  public static TestOutcomes of(CommandResult run) {
    String said = run.standardError();
    int begin = said.indexOf(BEGIN);
    int end = said.lastIndexOf(END);
    return begin < 0 || end < begin
        ? new TestOutcomes(Set.of(), Set.of(), Map.of())
        : read(said.substring(begin, end + END.length()));
  }

  private static TestOutcomes read(String report) {
    Set<String> passed = new TreeSet<>();
    Set<String> skipped = new TreeSet<>();
    Map<String, String> failed = new LinkedHashMap<>();
    NodeList cases = document(report).getElementsByTagName("testcase");
    for (int index = 0; index < cases.getLength(); index++) {
      Element test = (Element) cases.item(index);
      String name = test.getAttribute("classname") + "::" + test.getAttribute("name");
      NodeList failures = test.getElementsByTagName("failure");
      NodeList errors = test.getElementsByTagName("error");
      if (failures.getLength() + errors.getLength() > 0) {
        failed.putIfAbsent(
            name, words((Element) (failures.getLength() > 0 ? failures : errors).item(0)));
      } else {
        (test.getElementsByTagName("skipped").getLength() > 0 ? skipped : passed).add(name);
      }
    }
    // One that fails when it is taken down stands there twice.
    passed.removeAll(failed.keySet());
    return new TestOutcomes(passed, skipped, failed);
  }

  private static String words(Element failure) {
    return failure.getAttribute("message").lines().findFirst().orElse("").strip();
  }

  private static Element document(String report) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(report)))
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("pytest's report is no XML: " + e.getMessage(), e);
    }
  }

  /**
   * The tests that passed in another run and do not in this one, each with what it says here.
   *
   * @param other the other run, of the same tests
   */
  public Map<String, String> lostSince(TestOutcomes other) {
    Map<String, String> lost = new LinkedHashMap<>();
    for (String test : new TreeSet<>(other.passed)) {
      if (!passed.contains(test) && !skipped.contains(test)) {
        lost.put(test, failed.getOrDefault(test, "it is not run at all"));
      }
    }
    return lost;
  }
}
