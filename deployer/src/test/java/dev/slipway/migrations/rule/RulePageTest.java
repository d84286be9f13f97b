package dev.slipway.migrations.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulePageTest {

  private static final Path PAGE = Path.of("../docs/migration-rules.md");

  @Test
  void hasAChapterForEachRuleInTheirOrder() throws IOException {
    assertThat(chapters().stream().map(chapter -> chapter.lines().findFirst().orElse("")))
        .containsExactlyElementsOf(Arrays.stream(Rule.values()).map(Rule::id).toList());
  }

  @Test
  void saysOfEachWhatItCatchesWhyAndHowToMendIt() throws IOException {
    assertThat(chapters())
        .allSatisfy(chapter -> assertThat(chapter).contains("**Why.**", "**Fix.**"));
  }

  @Test
  void isReadBackPartByPart() {
    assertThat(Rule.values())
        .extracting(RuleChapter::of)
        .allSatisfy(
            chapter ->
                assertThat(List.of(chapter.what(), chapter.why(), chapter.fix()))
                    .allSatisfy(part -> assertThat(part).isNotBlank().doesNotContain("**", "\n")));
    assertThat(RuleChapter.of(Rule.ROWS_LOST).why())
        .isEqualTo("A rollback loses what customers entered.");
    assertThat(RuleChapter.of(Rule.READS_BLOCKED).what())
        .isEqualTo(
            "While the revision is applied, readers of a table wait longer than `migrations.longest-block`.");
  }

  private static List<String> chapters() throws IOException {
    return Arrays.stream(Files.readString(PAGE).split("(?m)^## ", -1)).skip(1).toList();
  }
}
