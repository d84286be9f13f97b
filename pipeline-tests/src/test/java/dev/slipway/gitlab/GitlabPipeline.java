package dev.slipway.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A pipeline file, with each job as GitLab sees it once {@code extends} and defaults are in. */
record GitlabPipeline(JsonNode document) {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> NOT_JOBS =
      Set.of("stages", "workflow", "variables", "default", "include", "spec");

  /**
   * What jobs take from {@code default}. A timeout there is allowed and has no effect
   * (https://gitlab.com/gitlab-org/gitlab/-/issues/213634).
   */
  private static final Set<String> INHERITED =
      Set.of(
          "after_script",
          "artifacts",
          "before_script",
          "cache",
          "hooks",
          "id_tokens",
          "image",
          "interruptible",
          "retry",
          "services",
          "tags");

  static GitlabPipeline parse(String yaml) {
    Yaml parser = new Yaml(new SafeConstructor(new LoaderOptions()));
    return new GitlabPipeline(MAPPER.valueToTree(parser.load(yaml)));
  }

  /** Jobs by name, in the order of the file. */
  Map<String, JsonNode> jobs() {
    Map<String, JsonNode> jobs = new LinkedHashMap<>();
    document
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              if (!name.startsWith(".") && !NOT_JOBS.contains(name)) {
                jobs.put(name, effective(entry.getValue()));
              }
            });
    return jobs;
  }

  JsonNode job(String name) {
    JsonNode job = jobs().get(name);
    if (job == null) {
      throw new IllegalArgumentException("No job " + name + " among " + jobs().keySet());
    }
    return job;
  }

  private JsonNode effective(JsonNode job) {
    ObjectNode merged = inherited(job);
    document
        .path("default")
        .properties()
        .forEach(
            entry -> {
              if (INHERITED.contains(entry.getKey())) {
                merged.putIfAbsent(entry.getKey(), entry.getValue());
              }
            });
    return merged;
  }

  private ObjectNode inherited(JsonNode job) {
    ObjectNode merged = MAPPER.createObjectNode();
    JsonNode parents = job.path("extends");
    if (parents.isTextual()) {
      merge(merged, inherited(document.path(parents.asText())));
    }
    parents.forEach(parent -> merge(merged, inherited(document.path(parent.asText()))));
    merge(merged, job);
    merged.remove("extends");
    return merged;
  }

  /** Deep for mappings; anything else is replaced, lists too, as GitLab does. */
  private static void merge(ObjectNode target, JsonNode source) {
    source
        .properties()
        .forEach(
            entry -> {
              JsonNode existing = target.path(entry.getKey());
              if (existing instanceof ObjectNode mapping && entry.getValue().isObject()) {
                merge(mapping, entry.getValue());
              } else {
                target.set(entry.getKey(), entry.getValue().deepCopy());
              }
            });
  }
}
