package dev.slipway.pipeline.rehearsal;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.secrets.Canary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A canary in everything that a CI job or a server keeps secret, made for one run. */
final class PlantedSecrets {

  /** What a file beside the server's {@code .env} has. */
  static final String IN_ANOTHER_FILE = "BROKER_PASSWORD";

  /**
   * What only the server has; bootstrap writes the first two into {@code .env}, a person the rest,
   * the last into another file.
   */
  static final List<String> ON_SERVER =
      List.of(
          "POSTGRES_PASSWORD",
          "SECRET_KEY",
          "MAIL_PASSWORD",
          "LICENCE",
          "ERRORS_DSN",
          "CHAT_WEBHOOK",
          "SEARCH_URL",
          IN_ANOTHER_FILE);

  private final Map<String, Canary> canaries = new LinkedHashMap<>();
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final List<String> publicKeys = new ArrayList<>();
  private final Path folder;

  /**
   * Plants for a job that talks to {@code webhook} and to a server that answers at {@code edge}.
   */
  PlantedSecrets(Production production, String webhook, String edge, Path folder) {
    this.folder = folder;
    variables.putAll(production.variables(production.good()));
    variables.keySet().removeIf(name -> name.startsWith("RIG_"));
    canaries.put(
        "REGISTRY_PASSWORD",
        Canary.of("REGISTRY_PASSWORD", production.variable("REGISTRY_PASSWORD")));
    plant("CI_REGISTRY_PASSWORD", "%s");
    plant("SLIPWAY_WEBHOOK_URL", webhook + "/services/%s");
    String health =
        edge.replace("://", "://ann:%s@") + "/health?token=" + plant("health token", "%s").value();
    variables.remove("health token");
    plant("PROD_HEALTH_URL", health);
    plant("CI_JOB_TOKEN", "%s");
    plant("CI_REPOSITORY_URL", "https://gitlab-ci-token:%s@git.example/team/platform.git");
    plant("ERRORS_AUTH_TOKEN", "to 'quote': \"%s\" $HOME\\n &<>");
    plantKey("PROD_SSH_KEY", text -> text);
    plantKey(
        "PROD_SSH_JUMP_KEY",
        text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    plantOnServer();
  }

  private void plantOnServer() {
    plant("POSTGRES_PASSWORD", "%s");
    plant("SECRET_KEY", "with \"quotes\" & <more> %s /+=% #1");
    plant("MAIL_PASSWORD", "%s");
    plant("LICENCE", "%s");
    plant("ERRORS_DSN", "https://%s@errors.example/4");
    plant("CHAT_WEBHOOK", "https://chat.example/services/T024/%s");
    plant("SEARCH_URL", "https://search.example/?api_key=%s&pretty=true");
    plant(IN_ANOTHER_FILE, "%s");
  }

  private Canary plant(String name, String form) {
    Canary canary = Canary.in(name, form);
    canaries.put(name, canary);
    variables.put(name, canary.value());
    return canary;
  }

  /** A way of writing a key into a variable. */
  private interface Written {
    String as(String text);
  }

  private void plantKey(String name, Written written) {
    String passphrase = plant(name + "_PASSPHRASE", "%s").value();
    Path file = folder.resolve(name);
    CommandResult made =
        new LocalProcess()
            .run(
                ShellCommand.of("ssh-keygen", "-q", "-t", "ed25519", "-C", "canary")
                    .with("-N", passphrase, "-f", file.toString()),
                Duration.ofSeconds(30));
    if (!made.succeeded()) {
      throw new IllegalStateException(made.tail(3));
    }
    try {
      String text = Files.readString(file);
      Files.copy(file, fileOf(name));
      publicKeys.add(Files.readString(file.resolveSibling(name + ".pub")).strip());
      Files.delete(file);
      Files.delete(file.resolveSibling(name + ".pub"));
      // What comes before is the same for every such key, or its public half.
      List<String> locked =
          text.lines().skip(4).filter(line -> line.length() > 40 && !line.startsWith("-")).toList();
      canaries.put(name, new Canary(name, text, locked));
      variables.put(name, written.as(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file with that key, as GitLab makes one of a variable of type File; beside the rig. */
  Path fileOf(String key) {
    return folder.resolve(key + ".file");
  }

  /** All of them. */
  Collection<Canary> all() {
    return canaries.values();
  }

  /** Takes one that is planted by hand among them. */
  Canary with(Canary canary) {
    canaries.put(canary.name(), canary);
    return canary;
  }

  /** A job's variables; those of the server's are not among them, but for bootstrap. */
  Map<String, String> variables(boolean bootstrap) {
    Map<String, String> chosen = new LinkedHashMap<>(variables);
    if (!bootstrap) {
      chosen.keySet().removeAll(ON_SERVER);
    }
    return chosen;
  }

  /** The lines of {@code .env} that bootstrap does not write. */
  String linesByHand() {
    StringBuilder lines = new StringBuilder();
    ON_SERVER.stream()
        .skip(2)
        .filter(name -> !name.equals(IN_ANOTHER_FILE))
        .forEach(name -> lines.append(name).append('=').append(variables.get(name)).append('\n'));
    return lines.toString();
  }

  /** The text of that other file. */
  String otherFile() {
    return IN_ANOTHER_FILE + "=" + variables.get(IN_ANOTHER_FILE) + "\n";
  }

  /** The public halves of both keys. */
  List<String> publicKeys() {
    return publicKeys;
  }

  /** The value of one. */
  String value(String name) {
    return Objects.requireNonNull(canaries.get(name), name).value();
  }
}
