package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.FaultTable.Seen;
import dev.slipway.repository.Checkout;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTableTest {

  private static final Seen SEEN = new Seen(137, "old", "none", "left", "swaps, asks the gate");
  private static final String ROW =
      "| kill -9 | it is started | 137 | old | none | left | swaps, asks the gate |";

  @Test
  void tellsOfEveryFaultThatIsMade() {
    assertThat(FaultTable.rows(Checkout.current().text("docs/faults.md")).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Faults.all().stream().map(fault -> fault.name() + ", " + fault.moment()).toList());
  }

  @Test
  void findsARowAgainByFaultAndMoment() {
    assertThat(FaultTable.row("kill -9", "it is started", SEEN)).isEqualTo(ROW);
    assertThat(FaultTable.rows(FaultTable.page(List.of(ROW))))
        .containsExactly(java.util.Map.entry("kill -9, it is started", ROW));
  }

  @Test
  void readsTheStepsOfARun() {
    String text =
        """
        [1/3] tidy up after a swap that was cut off
        [1/3] done in 2.1 s
        [2/3] swap backend beside the running containers
              the new containers of backend are well after 3.2 s
        [3/3] record REGISTRY, TAG in .env
        """;
    assertThat(FaultTable.steps(text)).isEqualTo("tidies up, swaps, records");
    assertThat(FaultTable.steps("Nothing to do: aaaaaaaaaaaa is serving."))
        .isEqualTo("nothing to do");
  }
}
