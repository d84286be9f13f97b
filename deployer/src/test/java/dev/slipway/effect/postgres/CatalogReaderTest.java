package dev.slipway.effect.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CatalogReaderTest {

  @Test
  void keepsTheBlanksOfTextsAndOfNamesInQuotes() {
    assertThat(CatalogReader.compared("text  default 'a  b'::text\n"))
        .isEqualTo("text default 'a  b'::text");
    assertThat(CatalogReader.compared("check (\"a  b\" > 'it''s  1')"))
        .isEqualTo("check (\"a  b\" > 'it''s  1')");
  }

  @Test
  void takesAFunctionThatIsIndentedOtherwiseForTheSame() {
    assertThat(CatalogReader.compared("begin\n    -- it's so  \n    return 1;\nend"))
        .isEqualTo(CatalogReader.compared("begin\n-- it's so\nreturn 1;\n  end"))
        .isEqualTo("begin -- it's so\nreturn 1; end");
  }

  @Test
  void takesANumberByDefaultForTheSameHoweverItIsWritten() {
    assertThat(CatalogReader.compared("numeric(4,2) not null default '-0.50'::numeric"))
        .isEqualTo(CatalogReader.compared("numeric(4,2) not null default (-0.5)::numeric"))
        .isEqualTo("numeric(4,2) not null default -0.5");
    assertThat(CatalogReader.compared("numeric default '0'::numeric"))
        .isEqualTo(CatalogReader.compared("numeric default 0"));
    for (String other :
        new String[] {"text default '0'::text", "integer default (0 + 1)", "text default '0 1'"}) {
      assertThat(CatalogReader.compared(other)).isEqualTo(other);
    }
  }

  @Test
  void seesThatAFunctionsLinesAreJoinedBehindAComment() {
    assertThat(CatalogReader.compared("begin -- so\n return 1; end"))
        .isNotEqualTo(CatalogReader.compared("begin -- so return 1; end"));
  }

  @Test
  void keepsTheBlanksOfALanguageInWhichTheyCount() {
    String python = "FUNCTION f()\n LANGUAGE plpython3u\nAS $$if x:\n  a()\nb()$$";

    assertThat(CatalogReader.compared(python)).isEqualTo(python);
  }
}
