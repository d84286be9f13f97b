package dev.slipway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/** A clock that moves only when somebody waits. */
public final class WaitingClock extends Clock implements Consumer<Duration> {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public void accept(Duration pause) {
    now = now.plus(pause);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
