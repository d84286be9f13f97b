package dev.slipway.migrations.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItineraryTest {

  private static final Revision FIRST = revision("a1");
  private static final Revision SECOND = revision("b2");

  private final Itinerary itinerary = Itinerary.roundTrips(List.of(FIRST, SECOND));

  private static Revision revision(String id) {
    return new Revision(id, List.of(), 1, "", "", List.of());
  }

  @Test
  void goesUpDownAndUpAgainBeforeTheNextRevision() {
    assertThat(itinerary.after(Step.up(FIRST), 3))
        .containsExactly(Step.down(FIRST), Step.upAgain(FIRST), Step.up(SECOND));
    assertThat(itinerary.after(Step.down(FIRST), 1)).containsExactly(Step.upAgain(FIRST));
  }

  @Test
  void endsWithTheLastRevision() {
    assertThat(itinerary.after(Step.down(SECOND), 12)).containsExactly(Step.upAgain(SECOND));
    assertThat(itinerary.after(Step.upAgain(SECOND), 12)).isEmpty();
  }

  @Test
  void goesOnFromAStepThatIsTakenOutOfTurn() {
    itinerary.after(Step.up(SECOND), 1);

    assertThat(itinerary.after(Step.up(FIRST), 1)).containsExactly(Step.down(FIRST));
  }

  @Test
  void knowsNothingOfOtherStepsNorWhereNothingMayComeNext() {
    assertThat(itinerary.after(Step.up(revision("c3")), 3)).isEmpty();
    assertThat(itinerary.after(Step.up(FIRST), 0)).isEmpty();
    assertThat(itinerary.after(Step.down(FIRST), -1)).isEmpty();
    assertThat(Itinerary.UNKNOWN.after(Step.up(FIRST), 3)).isEmpty();
  }
}
