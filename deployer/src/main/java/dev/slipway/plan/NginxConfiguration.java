package dev.slipway.plan;

import dev.slipway.plan.EdgeState.LiteralUpstream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code nginx -T} prints: the whole configuration, file by file.
 *
 * @see <a href="https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver">nginx,
 *     resolver</a>
 */
public final class NginxConfiguration {

  /** Docker's DNS server answers with this time to live. */
  private static final Duration DOCKER_TTL = Duration.ofMinutes(10);

  private static final Pattern FILE = Pattern.compile("# configuration file (.+):");
  private static final Pattern TOKEN =
      Pattern.compile(
          "#[^\n]*|\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|\\$\\{[^}]*}|[{};]|(?:\\$\\{[^}]*}|[^\\s{};])++",
          Pattern.DOTALL);
  private static final Pattern PASS = Pattern.compile("(?:proxy|grpc|uwsgi|fastcgi|scgi)_pass");
  private static final Pattern HOST = Pattern.compile("(?:[a-z]+://)?([^:/]+).*", Pattern.DOTALL);
  private static final Pattern VALID = Pattern.compile("valid=(?: *\\d{1,9}(?:ms|[smhdwMy])?)+");
  private static final Pattern AMOUNT = Pattern.compile("(\\d+)(ms|[smhdwMy]?)");

  private final Map<String, String> names;
  private final Set<String> upstreams = new HashSet<>();
  private final List<Named> found = new ArrayList<>();
  private final Deque<String> blocks = new ArrayDeque<>();
  private final UpstreamTries tries = new UpstreamTries();
  private Duration memory = Duration.ZERO;
  private boolean asksForIpv6;

  /**
   * A place that may be literal.
   *
   * @param upstream what it names unless an {@code upstream} block is called so; empty: a service
   */
  private record Named(String upstream, LiteralUpstream literal) {}

  private NginxConfiguration(Map<String, String> names) {
    this.names = names;
  }

  /**
   * How this configuration finds the services.
   *
   * @param dump what {@code nginx -T} printed to standard output
   * @param names the services by the names that lead to them, in lower case
   * @param refuses whether connections can be refused, which the configuration does not tell
   * @param ipv6 whether the edge has an address of IPv6 to begin with
   */
  public static EdgeState read(
      String dump, Map<String, String> names, boolean refuses, boolean ipv6) {
    NginxConfiguration configuration = new NginxConfiguration(names);
    String file = "nginx.conf";
    int from = 0;
    Matcher heading = FILE.matcher(dump);
    while (heading.find()) {
      configuration.read(file, dump.substring(from, heading.start()));
      file = heading.group(1);
      from = Math.min(dump.length(), heading.end() + 1);
    }
    configuration.read(file, dump.substring(from));
    List<LiteralUpstream> literals = configuration.literals();
    return new EdgeState(
        literals,
        configuration.memory,
        refuses,
        ipv6 && (configuration.asksForIpv6 || !literals.isEmpty()),
        Optional.empty(),
        configuration.tries.found(configuration::service));
  }

  private List<LiteralUpstream> literals() {
    return found.stream()
        .filter(each -> !upstreams.contains(each.upstream()))
        .map(Named::literal)
        .toList();
  }

  private void read(String file, String text) {
    List<String> words = new ArrayList<>();
    String place = "";
    int line = 1;
    int counted = 0;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      line += (int) text.substring(counted, token.start()).chars().filter(c -> c == '\n').count();
      counted = token.start();
      String word = token.group();
      if (word.equals(";") || word.equals("{")) {
        if (!words.isEmpty()) {
          directive(words, place);
          tries.directive(words, place);
        }
        if (word.equals("{")) {
          blocks.push(words.isEmpty() ? "" : words.get(0));
          tries.open(words);
        }
        words.clear();
      } else if (word.equals("}")) {
        blocks.poll();
        tries.close();
        words.clear();
      } else if (!word.startsWith("#")) {
        place = words.isEmpty() ? file + ":" + line : place;
        words.add(word.replaceAll("^([\"'])(.*)\\1$", "$2"));
      }
    }
  }

  private void directive(List<String> words, String place) {
    String name = words.get(0);
    if (name.equals("resolver")) {
      resolver(words);
      return;
    }
    if (name.equals("upstream") && words.size() > 1) {
      upstreams.add(words.get(1).toLowerCase(Locale.ROOT));
    }
    boolean server = name.equals("server") && "upstream".equals(blocks.peek());
    if (words.size() < 2
        || words.contains("resolve")
        || !(server || PASS.matcher(name).matches())) {
      return;
    }
    service(words.get(1))
        .ifPresent(
            service -> {
              LiteralUpstream literal =
                  new LiteralUpstream(service, place, String.join(" ", words));
              found.add(new Named(server ? "" : host(words.get(1)), literal));
            });
  }

  private static String host(String address) {
    Matcher host = HOST.matcher(address);
    return host.matches() ? host.group(1).toLowerCase(Locale.ROOT) : "";
  }

  /** The service that an address names. */
  private Optional<String> service(String address) {
    return Optional.ofNullable(names.get(host(address).replaceFirst("\\.$", "")));
  }

  private void resolver(List<String> words) {
    asksForIpv6 |= !words.contains("ipv6=off");
    Duration valid = DOCKER_TTL;
    for (String word : words) {
      if (VALID.matcher(word).matches()) {
        valid =
            AMOUNT
                .matcher(word)
                .results()
                .map(amount -> duration(Long.parseLong(amount.group(1)), amount.group(2)))
                .reduce(Duration.ZERO, Duration::plus);
      }
    }
    memory = valid.compareTo(memory) > 0 ? valid : memory;
  }

  /**
   * A part of a duration.
   *
   * @see <a href="https://nginx.org/en/docs/syntax.html">nginx, measurement units</a>
   */
  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      case "w" -> Duration.ofDays(7 * amount);
      case "M" -> Duration.ofDays(30 * amount);
      case "y" -> Duration.ofDays(365 * amount);
      default -> Duration.ofSeconds(amount);
    };
  }
}
