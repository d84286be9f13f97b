package dev.slipway.pipeline.health;

import dev.slipway.effect.http.HttpAnswer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * A script or style sheet that a page takes from where it comes from itself.
 *
 * @param path with its query, if any
 */
record PageFile(String path, Type type) {

  /** What a browser makes of it. */
  enum Type {
    /** Run whatever its content type is. */
    SCRIPT,
    /** Run only when its content type is that of a script. */
    MODULE,
    /** Heeded only when its content type, if it has any, is that of a style sheet. */
    STYLE_SHEET
  }

  /**
   * The content types of scripts.
   *
   * @see <a href="https://mimesniff.spec.whatwg.org/#javascript-mime-type">MIME Sniffing</a>
   */
  private static final Pattern JAVASCRIPT =
      Pattern.compile(
          "(application|text)/(x-)?(java|ecma)script|text/(javascript1\\.[0-5]|jscript|livescript)");

  /** Those of a page; what old browsers load instead is left out. */
  static List<PageFile> of(String page, URI address) {
    Document document = Jsoup.parse(page, address.toString());
    Stream<PageFile> scripts =
        document.select("script[src]:not([nomodule])").stream()
            .flatMap(script -> file(script, "src", scriptType(script), address));
    Stream<PageFile> links =
        document.select("link[href]:not([disabled])").stream()
            .flatMap(link -> file(link, "href", linkType(link), address));
    return Stream.concat(scripts, links).distinct().toList();
  }

  private static Optional<Type> scriptType(Element script) {
    String type = essence(script.attr("type"));
    if (type.equals("module")) {
      return Optional.of(Type.MODULE);
    }
    return type.isEmpty() || JAVASCRIPT.matcher(type).matches()
        ? Optional.of(Type.SCRIPT)
        : Optional.empty();
  }

  private static Optional<Type> linkType(Element link) {
    Set<String> relations =
        Set.copyOf(Arrays.asList(link.attr("rel").toLowerCase(Locale.ROOT).split("\\s+", -1)));
    if (relations.contains("stylesheet") && !relations.contains("alternate")) {
      return Optional.of(Type.STYLE_SHEET);
    }
    return relations.contains("modulepreload")
            && Set.of("", "script").contains(essence(link.attr("as")))
        ? Optional.of(Type.MODULE)
        : Optional.empty();
  }

  private static Stream<PageFile> file(
      Element element, String attribute, Optional<Type> type, URI page) {
    try {
      URI file = new URI(element.absUrl(attribute));
      boolean own = page.getHost().equalsIgnoreCase(file.getHost()) && file.getRawPath() != null;
      String query = file.getRawQuery() == null ? "" : "?" + file.getRawQuery();
      return own
          ? type.stream().map(known -> new PageFile(file.getRawPath() + query, known))
          : Stream.empty();
    } catch (URISyntaxException e) {
      return Stream.empty();
    }
  }

  /** Why a browser cannot use what the edge answers, and what to do; empty where it can. */
  Optional<String> objection(HttpAnswer answer) {
    if (answer.elsewhere().isPresent()) {
      return Optional.empty();
    }
    if (answer.status() != 200) {
      return Optional.of(
          "answers "
              + answer.status()
              + " through the edge; let the edge send it where it sends the page itself (a `location` with a `root` or a regular expression may take it away), and see that the image has the file.");
    }
    String type = essence(answer.contentType());
    boolean isPage = answer.body().stripLeading().startsWith("<");
    if (isPage && (type.contains("html") || this.type == Type.MODULE)) {
      return Optional.of(
          "answers a page through the edge, since there is no such file where the edge looks for it; compare Vite's `base` (or the page's `<base>`) with the path by which the edge serves the page.");
    }
    return accepts(type)
        ? Optional.empty()
        : Optional.of(
            "answers %s through the edge, which browsers do not take for %s; let the server of the page know the types of files (in nginx `include /etc/nginx/mime.types;`)."
                .formatted(
                    type.isEmpty() ? "no content type" : type,
                    this.type == Type.STYLE_SHEET ? "a style sheet" : "a script"));
  }

  private boolean accepts(String contentType) {
    return switch (type) {
      case SCRIPT -> true;
      case MODULE -> JAVASCRIPT.matcher(contentType).matches();
      case STYLE_SHEET -> contentType.isEmpty() || contentType.equals("text/css");
    };
  }

  private static String essence(String type) {
    return type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
  }
}
