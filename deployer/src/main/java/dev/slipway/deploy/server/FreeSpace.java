package dev.slipway.deploy.server;

import dev.slipway.command.CommandResult;
import java.util.List;
import java.util.OptionalLong;

/** How much room the disk has on which the engine keeps its images. */
public final class FreeSpace {

  private static final int KIB = 1024;

  private FreeSpace() {}

  /**
   * Reads what {@code df -Pk} printed.
   *
   * @return bytes; empty when it failed, or printed something else
   */
  public static OptionalLong bytes(CommandResult printed) {
    List<String> rows = printed.standardOutput().lines().toList();
    String[] fields =
        rows.isEmpty() ? new String[0] : rows.get(rows.size() - 1).trim().split("\\s+", -1);
    return printed.succeeded() && fields.length > 3 && fields[3].matches("\\d+")
        ? OptionalLong.of(Long.parseLong(fields[3]) * KIB)
        : OptionalLong.empty();
  }
}
