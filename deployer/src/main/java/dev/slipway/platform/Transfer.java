package dev.slipway.platform;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How images come to the server. */
public enum Transfer {
  /** From the registry where the server reaches it, else through SSH. */
  AUTO,
  /** From the registry, or not at all. */
  REGISTRY,
  /** Through the SSH connection. */
  SSH;

  static final String WORDS = "auto|registry|ssh";

  /** Reads one of {@code auto}, {@code registry} and {@code ssh}. */
  public static Optional<Transfer> find(String word) {
    return Arrays.stream(values()).filter(transfer -> transfer.word().equals(word)).findFirst();
  }

  /** The word in {@code slipway.yml}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
