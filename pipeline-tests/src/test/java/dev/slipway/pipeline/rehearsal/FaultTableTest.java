package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.pipeline.rehearsal.FaultTable.Seen;
import dev.slipway.repository.Checkout;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTableTest {

  private static final Seen SEEN =
      new Seen(137, "old", "none", "all", "taken over", "swaps, asks the gate");
  private static final String ROW =
      "| kill -9 | it is started | 137 | old | none | all | taken over | swaps, asks the gate |";

  @Test
  void tellsOfEveryFaultThatIsMade() {
    assertThat(FaultTable.rows(Checkout.current().text("docs/faults.md")).keySet())
        .containsExactlyElementsOf(Faults.all().stream().map(FaultTable::key).toList());
  }

  @Test
  void tellsEachFaultFromTheOthers() {
    assertThat(Faults.all().stream().map(FaultTable::key)).doesNotHaveDuplicates();
  }

  @Test
  void findsARowAgainByFaultAndMoment() {
    assertThat(FaultTable.row("kill -9", "it is started", SEEN)).isEqualTo(ROW);
    assertThat(FaultTable.rows(FaultTable.page(List.of(ROW))))
        .containsExactly(entry("kill -9, it is started", ROW));
  }

  @Test
  void readsTheStepsOfARun() {
    String text =
        """
        [1/5] tidy up after a swap that did not come to its end
        [1/5] done in 2.1 s
        [2/5] back up the database and restore the copy to prove it
        [3/5] pull backend localhost:5000/backend@sha256:1
        [3/5] tag frontend as localhost:5000/frontend:1
        [3/5] swap backend beside the running containers
              the new containers of backend are well after 3.2 s
        [4/5] record REGISTRY, TAG in .env
        [4/5] let the old backend, frontend finish and go
        [5/5] remove localhost:5000/backend:4f2a91c07b3d
        """;
    assertThat(FaultTable.steps(text))
        .isEqualTo("tidies up, backs up, brings the images, swaps, records, lets the old go");
    assertThat(FaultTable.steps("Nothing to do: aaaaaaaaaaaa is serving."))
        .isEqualTo("nothing to do");
  }
}
