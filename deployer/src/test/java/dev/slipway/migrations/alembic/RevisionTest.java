package dev.slipway.migrations.alembic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RevisionTest {

  private static final Revision INIT =
      new Revision("a1", List.of(), 0, "init", "billing/versions/0001_init.py", List.of());

  @Test
  void standsInTheFileWhosePathEndsMostLikeItsOwn() {
    assertThat(
            INIT.in(
                List.of(
                    "backend/shop/versions/0001_init.py",
                    "backend/billing/versions/0001_init.py",
                    "backend/billing/versions/0002_more.py")))
        .isEqualTo("backend/billing/versions/0001_init.py");
  }

  @Test
  void standsInTheOnlyFileOfItsNameWhateverTheFolder() {
    assertThat(INIT.in(List.of("backend/revs/0001_init.py", "README.md")))
        .isEqualTo("backend/revs/0001_init.py");
    assertThat(INIT.in(List.of("revs/0001_init.py", "old/0001_init.py"))).isEqualTo(INIT.path());
  }
}
