package dev.slipway.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrations.alembic.Revision;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RailTest {

  @Test
  void drawsOneLineForRevisionsOnTopOfEachOther() {
    assertThat(drawn(revision("a"), revision("b", "a"), revision("c", "b")))
        .containsExactly(
            "o11.0 |11.0:28-100%", "o11.0 |11.0:0-28 |11.0:28-100%", "o11.0 |11.0:0-28");
  }

  @Test
  void letsBranchesLeaveAndMergesEndThem() {
    assertThat(
            drawn(
                revision("a"),
                revision("b", "a"),
                revision("c", "a"),
                revision("d", "b", "c"),
                revision("e", "d")))
        .containsExactly(
            "o11.0 |11.0:28-100% |29.0:56-100% ~M11.0 28 C11.0 42 29.0 42 29.0 56",
            "o11.0 |11.0:0-28 |29.0:0-100% |11.0:28-100%",
            "o29.0 |11.0:0-100% |29.0:0-28 |29.0:28-100%",
            "*11.0 |11.0:0-28 |11.0:28-100% ~M29.0 0 C29.0 14 11.0 14 11.0 28",
            "o11.0 |11.0:0-28");
  }

  @Test
  void beginsWithABrokenLineWhereTheRevisionBelowIsNotShown() {
    assertThat(drawn(revision("b", "a"))).containsExactly("o11.0 :11.0:0-28");
  }

  @Test
  void givesTheLaneOfAFinishedBranchToTheNext() {
    assertThat(drawn(revision("a"), revision("b"), revision("c")))
        .containsExactly("o11.0", "o11.0", "o11.0");
  }

  @Test
  void staysNarrowHoweverManyBranchesThereAre() {
    Revision[] many =
        IntStream.rangeClosed(0, 40)
            .mapToObj(i -> i == 0 ? revision("0") : revision(String.valueOf(i), "0"))
            .toArray(Revision[]::new);

    List<Rail> rails = Rail.of(List.of(many));

    double width = Double.parseDouble(rails.get(0).width());
    assertThat(width).isLessThan(120);
    assertThat(rails).extracting(rail -> Double.parseDouble(rail.x())).allMatch(x -> x < width);
  }

  private static List<String> drawn(Revision... revisions) {
    return Rail.of(List.of(revisions)).stream().map(RailTest::text).toList();
  }

  private static String text(Rail rail) {
    StringBuilder text = new StringBuilder((rail.merge() ? "*" : "o") + rail.x());
    rail.lines()
        .forEach(
            line ->
                text.append(line.open() ? " :" : " |")
                    .append(line.x() + ":" + line.from() + "-" + line.to()));
    rail.curves().forEach(curve -> text.append(" ~").append(curve));
    return text.toString();
  }

  private static Revision revision(String id, String... parents) {
    return new Revision(id, List.of(parents), 1, "", "versions/" + id + ".py", List.of());
  }
}
