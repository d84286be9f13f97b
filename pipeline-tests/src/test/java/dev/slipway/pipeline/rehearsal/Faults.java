package dev.slipway.pipeline.rehearsal;

import java.util.List;
import java.util.stream.Stream;

/** Every fault that {@link FaultsIT} makes, in the order of {@code docs/faults.md}. */
final class Faults {

  private Faults() {}

  /** All of them. */
  static List<Fault> all() {
    return Stream.of(
            KilledRuns.all(),
            TerminatedRuns.all(),
            ConnectionFaults.all(),
            RegistryFaults.all(),
            ServerFaults.all())
        .flatMap(List::stream)
        .toList();
  }
}
