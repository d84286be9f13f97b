package dev.slipway.effect.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The labels of everything that must not outlive this run; {@code bin/sweep} removes what a killed
 * run left.
 */
public final class Ephemeral {

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private Ephemeral() {}

  /** The labels, as {@code bin/sweep} reads them. */
  public static Map<String, String> labels() {
    return Map.of(
        "dev.slipway.ephemeral", "true",
        "dev.slipway.pid", String.valueOf(ProcessHandle.current().pid()),
        "dev.slipway.host", hostName());
  }

  private static String hostName() {
    try {
      return Files.exists(HOST_NAME)
          ? Files.readString(HOST_NAME).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
