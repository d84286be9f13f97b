package dev.slipway.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import java.util.List;
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
    assertThat(HISTORY.headsWithout(Scope.changed(Set.of("versions/b.py")).of(HISTORY)))
        .containsExactly("a");
    assertThat(HISTORY.headsWithout(HISTORY.revisions())).isEmpty();
  }

  private static List<String> chosen(String... files) {
    return Scope.changed(Set.of(files)).of(HISTORY).stream().map(Revision::id).toList();
  }

  private static Revision revision(String id, List<String> parents) {
    return new Revision(id, parents, 1, "", "migrations/versions/" + id + ".py", List.of());
  }
}
