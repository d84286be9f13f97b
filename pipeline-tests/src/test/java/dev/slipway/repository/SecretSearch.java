package dev.slipway.repository;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Looks for private keys and tokens, by the forms that their issuers give them. */
final class SecretSearch {

  private static final Map<String, Pattern> FORMS =
      new TreeMap<>(
          Map.of(
              "a private key",
              Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s+[A-Za-z0-9+/=\\s]{100}"),
              "a private key as base64",
              Pattern.compile("LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,}S0tLS0[A-Za-z0-9+/=\\s]{100}"),
              "a GitLab token",
              Pattern.compile("\\bgl(pat|dt|rt|cbt|ptt|soat)-[A-Za-z0-9_-]{20}"),
              "a GitHub token",
              Pattern.compile("\\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})"),
              "an AWS access key",
              Pattern.compile("\\b(AKIA|ASIA)[A-Z0-9]{16}\\b"),
              "a Docker Hub token",
              Pattern.compile("\\bdckr_(pat|oat)_[A-Za-z0-9_-]{20}"),
              "a token of npm, PyPI or Slack",
              Pattern.compile(
                  "\\b(npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50}|xox[abprs]-\\d{8})"),
              "a signed web token",
              Pattern.compile(
                  "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{20}")));

  private SecretSearch() {}

  /** What is found in the versioned files: the file, and what it holds. */
  static List<String> in(Checkout checkout) {
    return checkout.versionedFiles().stream()
        .flatMap(
            file ->
                FORMS.entrySet().stream()
                    .filter(form -> form.getValue().matcher(text(file)).find())
                    .map(form -> checkout.root().relativize(file) + " holds " + form.getKey()))
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
