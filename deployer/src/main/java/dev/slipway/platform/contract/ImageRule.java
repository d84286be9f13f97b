package dev.slipway.platform.contract;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds services that may run another image than the one that was proved. */
final class ImageRule {

  private static final String LATEST = "latest";
  private static final Pattern TAG = Pattern.compile(":(?:[\\w.-]*|\\$\\{[^{}]*}|\\$\\w+)$");
  private static final Set<String> KEEPING = Set.of("missing", "if_not_present", "never");

  private final ComposeFile compose;
  private final ServiceSpec service;
  private final Set<String> built;
  private final boolean isBuilt;
  private final boolean ours;
  private final List<Finding> findings = new ArrayList<>();

  private ImageRule(ComposeFile compose, ServiceSpec service, Set<String> built, Set<String> ours) {
    this.compose = compose;
    this.service = service;
    this.built = built;
    this.isBuilt = built.contains(service.name());
    this.ours = ours.contains(service.name());
  }

  static List<Finding> check(
      ComposeFile compose, ServiceSpec service, Set<String> built, Set<String> ours) {
    ImageRule rule = new ImageRule(compose, service, built, ours);
    rule.checkBuild();
    rule.checkImage();
    rule.checkPullPolicy();
    return rule.findings;
  }

  private void checkBuild() {
    if (!service.build()) {
      return;
    }
    error(
        "build-in-production",
        line("build"),
        "service '%s' would be built on the server, so what runs is not what was tested"
            .formatted(service.name()),
        "remove 'build:' and " + instead());
  }

  private String instead() {
    if (!isBuilt) {
      return "give it an image of its own, or one that Slipway builds with another 'command' (it builds %s alone)"
          .formatted(String.join(", ", new TreeSet<>(built)));
    }
    String image =
        service
            .imageTemplate()
            .filter(template -> template.contains("$"))
            .orElse("${REGISTRY:?}/%s:${TAG:?}".formatted(service.name()));
    return "write 'image: %s'".formatted(image)
        + compose
            .otherDockerfile(service.name())
            .map("; name '%s' with 'dockerfiles' in slipway.yml"::formatted)
            .orElse("")
        + compose
            .ofBuild(service.name(), "target")
            .map("; Slipway builds the last stage, so let that be '%s'"::formatted)
            .orElse("");
  }

  private void checkImage() {
    if (ours || service.build() || service.image().isEmpty()) {
      return;
    }
    var image = service.image().get();
    if (image.digest().isPresent() || image.tag().filter(tag -> !tag.equals(LATEST)).isPresent()) {
      return;
    }
    error(
        "image-not-pinned",
        line("image"),
        "service '%s' runs whatever '%s' is on the day it is pulled"
            .formatted(service.name(), service.imageTemplate().orElse(image.toString())),
        service
            .imageTemplate()
            .filter(template -> template.contains("$"))
            .map(ImageRule::pinned)
            .orElse(pinned(image.name())));
  }

  /** A variable at the end may hold more than the tag. */
  private static String pinned(String template) {
    String name = TAG.matcher(template).replaceFirst("");
    return name.matches(".*(\\}|\\$\\w+)")
        ? "let '%s' end in the version that runs today".formatted(template)
        : "write 'image: %s:<version>' with the version that runs today".formatted(name);
  }

  private void checkPullPolicy() {
    if (!ours
        || !(compose.serviceNode(service.name()).get("pull_policy").orElse(null)
            instanceof YamlNode.Scalar policy)
        || policy.isNull()
        || KEEPING.contains(policy.text())) {
      return;
    }
    error(
        "pull-policy",
        line("pull_policy"),
        "service '%s' has the pull policy '%s', by which compose may take another image than the one that was proved"
            .formatted(service.name(), policy.text()),
        "remove 'pull_policy: %s'".formatted(policy.text()));
  }

  private int line(String key) {
    return compose.lineOf("services", service.name(), key);
  }

  private void error(String rule, int line, String what, String fix) {
    findings.add(new Finding(rule, Finding.Severity.ERROR, compose.file(), line, what, fix));
  }
}
