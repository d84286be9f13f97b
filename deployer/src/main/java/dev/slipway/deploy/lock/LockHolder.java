package dev.slipway.deploy.lock;

import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who the server says holds its lock.
 *
 * @param owner who that is, as far as it can be read
 * @param silence how long ago the last sign of life was, by the server's clock
 * @param written the owner as the server has it
 */
public record LockHolder(DeployLock.Owner owner, Duration silence, String written) {

  /**
   * So long a lock without a heartbeat, as earlier versions took it, may belong to a living run.
   */
  private static final Duration WITHOUT_HEARTBEAT = Duration.ofHours(1);

  /** Reads what a command of the lock printed; empty when nobody holds it. */
  static Optional<LockHolder> in(CommandResult result) {
    List<String> lines = result.standardOutput().lines().toList();
    if (lines.isEmpty() || !lines.get(0).matches("-?\\d{1,12}")) {
      return Optional.empty();
    }
    String written = lines.size() > 1 ? lines.get(1) : "";
    return Optional.of(
        new LockHolder(read(written), Duration.ofSeconds(Long.parseLong(lines.get(0))), written));
  }

  private static DeployLock.Owner read(String written) {
    try {
      return Json.read(written, DeployLock.Owner.class);
    } catch (IllegalArgumentException unreadable) {
      return DeployLock.Owner.of("somebody who left no readable name", "?", Instant.EPOCH);
    }
  }

  /** How long this holder may stay silent before its lock is free to take over. */
  public Duration timeToLive() {
    return owner.timeToLive().orElse(WITHOUT_HEARTBEAT);
  }

  /** Whether its lock is free to take over. */
  boolean isDead() {
    return silence.compareTo(timeToLive()) >= 0;
  }

  /** Who, since when, and when last heard of. */
  @Override
  public String toString() {
    return owner + " and was last heard of " + Math.max(0, silence.toSeconds()) + " s ago";
  }
}
