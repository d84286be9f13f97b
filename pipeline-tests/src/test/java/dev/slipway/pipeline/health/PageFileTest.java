package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.effect.http.HttpAnswer;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFileTest {

  private static final URI ADDRESS = URI.create("http://shop.example/app/");

  @Test
  void readsWhatAPageLoadsFromItsOwnOrigin() {
    String page =
        """
        <!doctype html>
        <script type="module" crossorigin src="/assets/index-1.js?v=2#a"></script>
        <SCRIPT SRC=env.js defer></SCRIPT>
        <link rel="modulepreload" href="https://SHOP.example/assets/vendor-1.js">
        <link rel="preload stylesheet" href='/assets/index-1.css'>
        """;

    assertThat(PageFile.of(page, ADDRESS))
        .containsExactly(
            new PageFile("/assets/index-1.js?v=2", PageFile.Type.MODULE),
            new PageFile("/app/env.js", PageFile.Type.SCRIPT),
            new PageFile("/assets/vendor-1.js", PageFile.Type.MODULE),
            new PageFile("/assets/index-1.css", PageFile.Type.STYLE_SHEET));
  }

  @Test
  void heedsTheBaseOfThePage() {
    assertThat(PageFile.of("<base href=/other/><script src=a.js></script>", ADDRESS))
        .containsExactly(new PageFile("/other/a.js", PageFile.Type.SCRIPT));
  }

  @Test
  void leavesOutWhatNoBrowserLoadsFromThere() {
    String page =
        """
        <!-- <script src="/comment.js"></script> -->
        <script>document.write('<script src="/written.js"><\\/script>')</script>
        <script src="https://cdn.example/a.js"></script>
        <script src="//cdn.example/b.js"></script>
        <script nomodule src="/legacy.js"></script>
        <script type="application/json" src="/data.json"></script>
        <script src="data:text/javascript,1"></script>
        <script src="/with a space.js"></script>
        <link rel="icon" href="/favicon.svg">
        <link rel="alternate stylesheet" href="/dark.css">
        <link rel="modulepreload" as="json" href="/data.json">
        """;

    assertThat(PageFile.of(page, ADDRESS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MODULE | 404 | text/html | <html> | answers 404",
        "STYLE_SHEET | 403 | text/html | <html> | answers 403",
        "MODULE | 200 | text/html; charset=utf-8 | <!doctype html> | answers a page",
        "SCRIPT | 200 | text/html | <!doctype html> | answers a page",
        "STYLE_SHEET | 200 | text/html | <!doctype html> | answers a page",
        "MODULE | 200 | text/html | let a | answers text/html",
        "MODULE | 200 | '' | let a | answers no content type",
        "MODULE | 200 | application/octet-stream | let a | mime.types",
        "STYLE_SHEET | 200 | text/plain | a {} | for a style sheet",
      })
  void objectsToWhatABrowserCannotUse(
      PageFile.Type type, int status, String contentType, String body, String objection) {
    assertThat(new PageFile("/a", type).objection(answer(status, contentType, body)))
        .get()
        .asString()
        .contains(objection);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MODULE | 200 | application/javascript | let a",
        "MODULE | 200 | text/javascript; charset=utf-8 | let a",
        "SCRIPT | 200 | text/plain | let a",
        "STYLE_SHEET | 200 | text/css | a {}",
        "STYLE_SHEET | 200 | '' | a {}",
      })
  void takesWhatABrowserTakes(PageFile.Type type, int status, String contentType, String body) {
    assertThat(new PageFile("/a", type).objection(answer(status, contentType, body))).isEmpty();
  }

  @Test
  void takesARedirectToAnotherPlace() {
    HttpAnswer away =
        new HttpAnswer(
            302, "", "", Optional.of(URI.create("https://cdn.example/a.js")), Optional.empty());

    assertThat(new PageFile("/a", PageFile.Type.MODULE).objection(away)).isEmpty();
  }

  private static HttpAnswer answer(int status, String contentType, String body) {
    return new HttpAnswer(status, contentType, body, Optional.empty(), Optional.empty());
  }
}
