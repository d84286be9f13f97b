package dev.slipway.plan;

import dev.slipway.plan.EdgeState.LiteralUpstream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
          "#[^\n]*|\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\$\\{[^}]*}|[{};]|(?:\\$\\{[^}]*}|[^\\s{};])+",
          Pattern.DOTALL);
  private static final Pattern PASS = Pattern.compile("(?:proxy|grpc|uwsgi|fastcgi|scgi)_pass");
  private static final Pattern HOST = Pattern.compile("(?:[a-z]+://)?([^:/]+).*", Pattern.DOTALL);
  private static final Pattern VALID = Pattern.compile("valid=(\\d+)(ms|s|m|h|d)?");

  private final Set<String> services;
  private final List<LiteralUpstream> literals = new ArrayList<>();
  private final Deque<String> blocks = new ArrayDeque<>();
  private Duration memory = Duration.ZERO;
  private boolean asksForIpv6;

  private NginxConfiguration(Set<String> services) {
    this.services = services;
  }

  /**
   * How this configuration finds the services.
   *
   * @param dump what {@code nginx -T} printed to standard output
   * @param refuses whether connections can be refused, which the configuration does not tell
   * @param ipv6 whether the edge has an address of IPv6 to begin with
   */
  public static EdgeState read(String dump, Set<String> services, boolean refuses, boolean ipv6) {
    NginxConfiguration configuration = new NginxConfiguration(services);
    String file = "nginx.conf";
    int from = 0;
    Matcher heading = FILE.matcher(dump);
    while (heading.find()) {
      configuration.read(file, dump.substring(from, heading.start()));
      file = heading.group(1);
      from = Math.min(dump.length(), heading.end() + 1);
    }
    configuration.read(file, dump.substring(from));
    return new EdgeState(
        configuration.literals,
        configuration.memory,
        refuses,
        ipv6 && (configuration.asksForIpv6 || !configuration.literals.isEmpty()));
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
        }
        if (word.equals("{")) {
          blocks.push(words.isEmpty() ? "" : words.get(0));
        }
        words.clear();
      } else if (word.equals("}")) {
        blocks.poll();
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
    boolean server = name.equals("server") && "upstream".equals(blocks.peek());
    if (words.size() < 2
        || words.contains("resolve")
        || !(server || PASS.matcher(name).matches())) {
      return;
    }
    Matcher host = HOST.matcher(words.get(1));
    if (host.matches() && services.contains(host.group(1))) {
      literals.add(new LiteralUpstream(host.group(1), place, String.join(" ", words)));
    }
  }

  private void resolver(List<String> words) {
    asksForIpv6 |= !words.contains("ipv6=off");
    Duration valid = DOCKER_TTL;
    for (String word : words) {
      Matcher matcher = VALID.matcher(word);
      if (matcher.matches()) {
        valid = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
      }
    }
    memory = valid.compareTo(memory) > 0 ? valid : memory;
  }

  private static Duration duration(long amount, @org.jspecify.annotations.Nullable String unit) {
    return switch (unit == null ? "s" : unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofSeconds(amount);
    };
  }
}
