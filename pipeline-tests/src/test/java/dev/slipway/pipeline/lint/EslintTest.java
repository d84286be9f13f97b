package dev.slipway.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EslintTest {

  @TempDir Path root;

  @BeforeEach
  void aFrontend() throws IOException {
    write("frontend/package.json", "{}");
  }

  @Test
  void asksAFlatConfigurationForNothing() throws IOException {
    write("frontend/eslint.config.js", "");
    write("frontend/.eslintrc.cjs", "");

    assertThat(eslint().command()).endsWith("eslint", ".", "--format", "json");
    assertThat(eslint().environment()).isEmpty();
  }

  @Test
  void knowsTheFlatConfigurationOfAFolderAbove() throws IOException {
    write("eslint.config.mjs", "");
    write("frontend/.eslintrc", "");

    assertThat(eslint().command()).doesNotContain("--ext");
  }

  @Test
  void looksAtTheFilesThatTheTeamsOwnScriptsName() throws IOException {
    write("frontend/.eslintrc.cjs", "");
    write(
        "frontend/package.json",
        """
        {"scripts": {
          "dev": "nodemon --ext py",
          "lint": "tsc && eslint . --ext js,jsx --max-warnings 0",
          "lint:types": "eslint src --ext='.ts' --ext \\".tsx\\" | cat"},
         "devDependencies": {"eslint-plugin-vue": "9"}}
        """);

    assertThat(eslint().command()).endsWith("--ext", "js,jsx,.ts,.tsx");
    assertThat(eslint().environment()).containsEntry("ESLINT_USE_FLAT_CONFIG", "false");
  }

  @Test
  void passesOverWhatNoTypeScriptProjectOfTheTeamsHas() {
    String report =
        """
        [{"filePath": "/src/frontend/vite.config.ts", "messages": [{"fatal": true, "severity": 2, "line": 0,
          "message": "Parsing error: \\"parserOptions.project\\" has been provided for @typescript-eslint/parser."}]}]
        """;
    String wrong = report.replace("parserOptions.project", "Unexpected token");

    assertThat(Eslint.errors(report, "/src")).isEmpty();
    assertThat(Eslint.passesOver(report)).isTrue();
    assertThat(Eslint.errors(wrong, "/src")).hasSize(1);
    assertThat(Eslint.passesOver(wrong)).isFalse();
  }

  @Test
  void looksAtAllThatThePlatformsParsersReadWhereNoScriptSaysSo() throws IOException {
    write(".eslintrc.json", "{}");
    assertThat(eslint().command()).endsWith("--ext", ".js,.jsx,.mjs,.cjs");

    write(
        "frontend/package.json",
        """
        {"scripts": {"lint": "eslint ."}, "devDependencies": {
          "@typescript-eslint/parser": "6", "eslint-plugin-vue": "9", "vue": "3"}}
        """);
    assertThat(eslint().command()).endsWith("--ext", ".js,.jsx,.mjs,.cjs,.ts,.tsx,.mts,.cts,.vue");
  }

  @Test
  void knowsTheConfigurationInsideAManifest() throws IOException {
    write("frontend/package.json", "{\"eslintConfig\": {\"extends\": \"react-app\"}}");

    assertThat(eslint().command()).contains("--ext");
  }

  @Test
  void namesErrorsByThePlatformsFiles() {
    assertThat(
            Eslint.errors(
                """
                [{"filePath": "/s/web/a.js", "messages": [
                  {"severity": 2, "line": 3, "ruleId": "no-undef", "message": "'x' is not defined."},
                  {"severity": 1, "line": 4, "ruleId": "semi", "message": "Missing."},
                  {"severity": 2, "line": 5, "ruleId": null, "message": "Parsing error"}]}]
                """,
                "/s"))
        .containsExactly(
            "web/a.js:3 no-undef 'x' is not defined.", "web/a.js:5 syntax Parsing error");
  }

  private Eslint eslint() {
    return Eslint.of(new SourceFolder(root, "frontend"));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
