package dev.slipway.migrations.alembic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

  @Test
  void sharesInterpreterAndOptionsWithTheCommand() {
    assertThat(History.python(List.of("python", "-m", "alembic", "-n", "main"), "x"))
        .containsExactly("python", "-c", "x", "-n", "main");
    assertThat(History.python(List.of("/opt/venv/bin/alembic", "-c", "db/alembic.ini"), "x"))
        .startsWith("/opt/venv/bin/python3", "-c")
        .endsWith("-c", "db/alembic.ini");
    assertThat(History.python(List.of("uv", "run", "alembic"), "x"))
        .startsWith("uv", "run", "python3", "-c");
    assertThat(History.python(List.of("./migrate"), "x")).containsExactly("python3", "-c", "x");
  }

  @Test
  void importsNothingFromTheWorkingDirectoryThatAlembicsProgramWouldNot() {
    assertThat(History.python(List.of("alembic"), "import logging"))
        .containsExactly(
            "python3", "-c", "import sys; sys.path[0] or sys.path.pop(0)\nimport logging");
  }

  @Test
  void namesTheStepBelowARevisionEvenBetweenBranches() {
    Revision root = revision("a", List.of(), 2);
    Revision left = revision("b", List.of("a"), 1);
    Revision right = revision("c", List.of("a"), 1);
    Revision merge = revision("d", List.of("b", "c"), 0);
    History history = new History(List.of("d"), List.of(root, left, right, merge));

    assertThat(history.below(left)).isEqualTo("b@-1");
    assertThat(history.below(merge)).isEqualTo("b");
    assertThat(new History(List.of("b"), List.of(revision("a", List.of(), 1), left)).below(left))
        .isEqualTo("-1");
  }

  @Test
  void countsNoRevisionForAHeadOnWhichAnAppliedOneDepends() {
    Revision root = revision("a", List.of(), 2);
    Revision left = revision("b", List.of("a"), 1);
    Revision right = new Revision("c", List.of("a"), 1, "", "c.py", List.of(), List.of("b"));
    Revision merge = revision("d", List.of("b", "c"), 0);
    History history = new History(List.of("d"), List.of(root, left, right, merge));

    assertThat(history.headsWithout(List.of(merge))).containsExactly("c");
  }

  private static Revision revision(String id, List<String> parents, int branches) {
    return new Revision(id, parents, branches, "", id + ".py", List.of());
  }
}
