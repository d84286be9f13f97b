package dev.slipway.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private static final History HISTORY =
      new History(
          List.of("c"),
          List.of(
              revision("a", List.of()), revision("b", List.of("a")), revision("c", List.of("b"))));

  @Test
  void takesEveryRevisionWhereNothingIsKnownOfTheTarget() {
    assertThat(Scope.ALL.of(HISTORY)).hasSize(3);
  }

  @Test
  void takesWhatStandsInAChangedFileAndWhatStandsOnIt() {
    assertThat(chosen("backend/migrations/versions/b.py")).containsExactly("b", "c");
    assertThat(chosen("backend/app/main.py", "elsewhere/c.py")).isEmpty();
  }

  @Test
  void knowsTheHeadsOfWhatIsLeft() {
    assertThat(HISTORY.headsWithout(Scope.only(files("versions/b.py")).of(HISTORY)))
        .containsExactly("a");
    assertThat(HISTORY.headsWithout(HISTORY.revisions())).isEmpty();
  }

  @Test
  void knowsARevisionByItsIdWhereverTheImagePutsItsFile() {
    assertThat(chosen(written("revs/0002.py", "revision: str = 'b'", "down_revision = 'a'")))
        .containsExactly("b", "c");
    assertThat(chosen(written("versions/b.py", "revision = \"c\"", "down_revision = \"b\"")))
        .containsExactly("c");
  }

  @Test
  void knowsARevisionByTheNameOfItsFileWhereTheIdIsNotWrittenOut() {
    assertThat(chosen(written("revs/c.py", "revision = next_id()", "down_revision = \"b\"")))
        .containsExactly("c");
  }

  @Test
  void refusesAnImageThatHasNoneOfTheNewRevisions() {
    NewRevisions fresh = written("versions/d.py", "revision = \"d\"", "down_revision = \"c\"");

    for (Scope scope : List.of(Scope.only(fresh), Scope.all(fresh))) {
      assertThatThrownBy(() -> scope.of(HISTORY))
          .isInstanceOf(SlipwayException.class)
          .hasMessage("The backend's image has none of the new revisions: d in versions/d.py.");
    }
    assertThatThrownBy(() -> Scope.all(fresh).of(new History(List.of(), List.of())))
        .isInstanceOf(SlipwayException.class);
  }

  @Test
  void doesNotMissARevisionOfAnotherHistory() {
    assertThat(chosen(written("billing/x2.py", "revision = \"x2\"", "down_revision = \"x1\"")))
        .isEmpty();
    assertThat(chosen(written("billing/x1.py", "revision = \"x1\"", "down_revision = None")))
        .isEmpty();
  }

  @Test
  void leavesTheSameNumbersOfAnotherAlembicOut() {
    NewRevisions worker =
        written("worker/versions/c.py", "revision = \"c\"", "down_revision = \"b\"");

    assertThat(chosen(worker.below("."))).containsExactly("c");
    assertThat(chosen(worker.below("backend"))).isEmpty();
    assertThat(chosen(written("backend/versions/c.py", "revision = \"c\"").below("backend")))
        .containsExactly("c");
  }

  private static List<String> chosen(String... files) {
    return chosen(files(files));
  }

  private static List<String> chosen(NewRevisions fresh) {
    return Scope.only(fresh).of(HISTORY).stream().map(Revision::id).toList();
  }

  private static NewRevisions files(String... files) {
    return new NewRevisions(Set.of(files), Map.of());
  }

  private static NewRevisions written(String file, String... lines) {
    return new NewRevisions(Set.of(file), Map.of(file, List.of(lines)));
  }

  private static Revision revision(String id, List<String> parents) {
    return new Revision(id, parents, 1, "", "migrations/versions/" + id + ".py", List.of());
  }
}
