package dev.slipway.pipeline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a merge request must pass, in order; the name in lower case is the JUnit tag. */
public enum Stage {
  /** Static checks. */
  LINT,
  /** The platform's own tests. */
  TEST,
  /** Built images and compose file. */
  IMAGES,
  /** Migrations. */
  MIGRATIONS,
  /** Health. */
  HEALTH,
  /** Deployment. */
  DEPLOY;

  /** The JUnit tag. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Stage> of(Set<String> tags) {
    return Arrays.stream(values()).filter(stage -> tags.contains(stage.tag())).findFirst();
  }
}
