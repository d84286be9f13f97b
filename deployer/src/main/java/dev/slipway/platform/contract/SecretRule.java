package dev.slipway.platform.contract;

import dev.slipway.platform.compose.Assignment;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.Template;
import dev.slipway.platform.compose.Template.Literal;
import dev.slipway.platform.compose.Template.Part;
import dev.slipway.platform.compose.Template.Reference;
import dev.slipway.platform.compose.Variable;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds secrets that a compose file itself holds; none of them ever stands in a finding. */
final class SecretRule {

  private static final String RULE = "secret-in-compose";

  /** Stands for a variable without default, so that the text around it can be judged. */
  private static final String VARIABLE = "\u0000";

  private static final Pattern URL_PASSWORD =
      Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s:/@]*:([^\\s/@]+)@", Pattern.CASE_INSENSITIVE);
  private static final Pattern OPTION =
      Pattern.compile(
          "--?(requirepass|masterauth|[a-z-]*(?:password|secret|token|api-key))[ =](\\S+)");
  private static final Pattern REDIS_LOGIN =
      Pattern.compile("\\b(?:redis|valkey)-cli\\b[^;&|]*?\\s(-a)\\s+(\\S+)");
  private static final Pattern SETTING =
      Pattern.compile(
          "([A-Za-z][\\w.-]*+)[\"']?[ \\t]*[=:][ \\t]*[\"']?([^\\s\"',;{\\[]++)"
              + "|^[ \\t]*+(requirepass|masterauth)[ \\t]+[\"']?([^\\s\"']++)",
          Pattern.MULTILINE);
  private static final Set<String> SWITCHES = Set.of("true", "false", "yes", "no", "on", "off");

  private final ComposeFile compose;
  private final String subject;
  private final List<Finding> findings = new ArrayList<>();

  private SecretRule(ComposeFile compose, String subject) {
    this.compose = compose;
    this.subject = subject;
  }

  static List<Finding> check(ComposeFile compose, String service) {
    SecretRule rule = new SecretRule(compose, "service '%s'".formatted(service));
    YamlNode.Mapping node = compose.serviceNode(service);
    node.get("environment").ifPresent(rule::checkAssignments);
    if (node.get("build").orElse(null) instanceof YamlNode.Mapping build) {
      build.get("args").ifPresent(rule::checkAssignments);
    }
    node.get("command").ifPresent(rule::checkCommand);
    node.get("entrypoint").ifPresent(rule::checkCommand);
    if (node.get("healthcheck").orElse(null) instanceof YamlNode.Mapping healthcheck) {
      healthcheck.get("test").ifPresent(rule::checkCommand);
    }
    rule.checkTexts(node);
    return rule.findings;
  }

  /** Those in the configs whose content the file itself gives. */
  static List<Finding> checkConfigs(ComposeFile compose) {
    List<Finding> findings = new ArrayList<>();
    YamlNode.Mapping configs = compose.section("configs");
    for (String name : configs.entries().keySet()) {
      SecretRule rule = new SecretRule(compose, "config '%s'".formatted(name));
      if (configs.get(name).orElse(null) instanceof YamlNode.Mapping config
          && config.get("content").orElse(null) instanceof YamlNode.Scalar content) {
        Template.of(content).ifPresent(template -> rule.checkContent(template, content.line()));
      }
      findings.addAll(rule.findings);
    }
    return findings;
  }

  private void checkContent(Template template, int line) {
    Matcher setting = SETTING.matcher(literalText(template));
    while (setting.find()) {
      boolean redis = setting.group(3) != null;
      String name = redis ? setting.group(3) : setting.group(1);
      if ((redis || SecretNames.matches(name))
          && isLiteral(redis ? setting.group(4) : setting.group(2))) {
        report(
            line,
            "'%s' has a literal value".formatted(name),
            name.toUpperCase(Locale.ROOT).replaceAll("\\W", "_"));
      }
    }
    checkText(template, line);
  }

  /** Whether a word holds no variable, be it one that a shell puts in. */
  private static boolean isLiteral(String word) {
    return !word.contains(VARIABLE)
        && !word.replaceFirst("^[\"'\\\\]+", "").startsWith("$")
        && !SWITCHES.contains(word.toLowerCase(Locale.ROOT));
  }

  private void checkAssignments(YamlNode node) {
    for (Assignment assignment : Assignment.in(node)) {
      Optional<Template> value = assignment.value().flatMap(Template::of);
      if (SecretNames.matches(assignment.key())
          && value.filter(SecretRule::isLiteral).isPresent()) {
        report(
            assignment.line(), "'" + assignment.key() + "' has a literal value", assignment.key());
      }
    }
  }

  private static boolean isLiteral(Template template) {
    String text = literalText(template);
    return template.holdsLiteral()
        && !text.replace(VARIABLE, "").isBlank()
        && !SWITCHES.contains(text.toLowerCase(Locale.ROOT));
  }

  private void checkCommand(YamlNode node) {
    List<String> words = new ArrayList<>();
    if (node instanceof YamlNode.Scalar scalar) {
      Template.of(scalar).map(SecretRule::literalText).ifPresent(words::add);
    } else if (node instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlNode.Scalar scalar) {
          Template.of(scalar).map(SecretRule::literalText).ifPresent(words::add);
        }
      }
    }
    String line = String.join(" ", words);
    checkOptions(OPTION.matcher(line), node.line());
    checkOptions(REDIS_LOGIN.matcher(line), node.line());
  }

  private void checkOptions(Matcher option, int line) {
    while (option.find()) {
      String name = option.group(1);
      if (isLiteral(option.group(2))) {
        report(
            line,
            "the command's option '%s' has a literal value".formatted(name),
            name.equals("-a") ? "REDIS_PASSWORD" : name.toUpperCase(Locale.ROOT).replace('-', '_'));
      }
    }
  }

  private void checkTexts(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      mapping.entries().values().forEach(entry -> checkTexts(entry.value()));
    } else if (node instanceof YamlNode.Sequence sequence) {
      sequence.items().forEach(this::checkTexts);
    } else if (node instanceof YamlNode.Scalar scalar) {
      Template.of(scalar).ifPresent(template -> checkText(template, scalar.line()));
    }
  }

  private void checkText(Template template, int line) {
    Matcher url = URL_PASSWORD.matcher(literalText(template));
    while (url.find()) {
      if (!url.group(1).replace(VARIABLE, "").isEmpty() && !url.group(1).startsWith("$")) {
        report(line, "a URL holds a password", "PASSWORD");
      }
    }
    for (Reference reference : template.references()) {
      if (reference.operator().kind() == Variable.Kind.DEFAULTED
          && SecretNames.matches(reference.name())
          && isLiteral(reference.word())) {
        report(line, "'%s' has a literal default".formatted(reference.name()), reference.name());
      }
    }
  }

  /** The text that the file itself gives: defaults count, variables without one are marked. */
  private static String literalText(Template template) {
    StringBuilder text = new StringBuilder();
    for (Part part : template.parts()) {
      if (part instanceof Literal literal) {
        text.append(literal.text());
      } else if (part instanceof Reference reference) {
        boolean word = reference.operator().kind() != Variable.Kind.REQUIRED;
        text.append(
            word && reference.word().holdsLiteral() ? literalText(reference.word()) : VARIABLE);
      }
    }
    return text.toString();
  }

  private void report(int line, String what, String variable) {
    boolean known = findings.stream().anyMatch(each -> each.line() == line);
    if (!known) {
      findings.add(
          new Finding(
              RULE,
              Finding.Severity.ERROR,
              compose.file(),
              line,
              "%s: %s".formatted(subject, what),
              "write ${%1$s:?set %1$s in .env} instead, and %1$s=… in the .env on the server"
                  .formatted(variable)));
    }
  }
}
