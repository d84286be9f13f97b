package dev.slipway.plan;

import dev.slipway.plan.EdgeState.SingleTry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds where nginx gives a request up when the first address that it tries refuses the connection.
 * What it does unless told otherwise is to go on to the next one.
 *
 * @see <a
 *     href="https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream">nginx,
 *     proxy_next_upstream</a>
 */
final class UpstreamTries {

  private static final Pattern SETTING =
      Pattern.compile("(proxy|grpc|uwsgi|fastcgi|scgi)_next_upstream(_tries)?");
  private static final Pattern PASS = Pattern.compile("(proxy|grpc|uwsgi|fastcgi|scgi)_pass");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");

  /** Blocks in which a word stands for a value of the variable that their last word names. */
  private static final Set<String> OF_VALUES = Set.of("map", "geo", "split_clients");

  /** A directive that says whether it goes on. */
  private record Setting(boolean goesOn, String place, String text) {}

  /**
   * A block.
   *
   * @param parent what holds in it, too; null: none
   * @param words what it begins with
   */
  private record Block(@Nullable Block parent, List<String> words, Map<String, Setting> settings) {

    Block(@Nullable Block parent, List<String> words) {
      this(parent, List.copyOf(words), new HashMap<>());
    }

    private Optional<Setting> setting(String name) {
      Setting own = settings.get(name);
      return own == null && parent != null ? parent.setting(name) : Optional.ofNullable(own);
    }
  }

  private record Pass(Block block, String module, String target) {}

  /**
   * What files hold that are included somewhere, which the dump does not tell, holds everywhere.
   */
  private final Block everywhere = new Block(null, List.of());

  private final Deque<Block> blocks = new ArrayDeque<>();
  private final Map<String, Set<String>> values = new HashMap<>();
  private final Map<String, Set<String>> upstreams = new HashMap<>();
  private final List<Pass> passes = new ArrayList<>();

  private Block block() {
    return blocks.isEmpty() ? everywhere : blocks.element();
  }

  /** A block begins with these words. */
  void open(List<String> words) {
    boolean outer = words.isEmpty() || words.get(0).equals("http");
    blocks.push(outer ? everywhere : new Block(block(), words));
  }

  /** The innermost block ends. */
  void close() {
    blocks.poll();
  }

  /** A directive of the innermost block. */
  void directive(List<String> words, String place) {
    Block block = block();
    String last = words.get(words.size() - 1);
    String opened = block.words().isEmpty() ? "" : block.words().get(0);
    Matcher setting = SETTING.matcher(words.get(0));
    Matcher pass = PASS.matcher(words.get(0));
    if (setting.matches() && words.size() > 1) {
      boolean goesOn =
          setting.group(2) == null
              ? words.contains("error") || words.contains("on")
              : !words.get(1).equals("1");
      block.settings().put(words.get(0), new Setting(goesOn, place, String.join(" ", words)));
    } else if (pass.matches() && words.size() > 1) {
      passes.add(new Pass(block, pass.group(1), words.get(1)));
    } else if (words.get(0).equals("set") && words.size() == 3) {
      values
          .computeIfAbsent(words.get(1).replaceFirst("^\\$", ""), name -> new HashSet<>())
          .add(last);
    } else if (OF_VALUES.contains(opened)) {
      String variable = block.words().get(block.words().size() - 1).replaceFirst("^\\$", "");
      values.computeIfAbsent(variable, name -> new HashSet<>()).add(last);
    } else if (opened.equals("upstream") && words.get(0).equals("server") && words.size() > 1) {
      upstreams
          .computeIfAbsent(block.words().get(1).toLowerCase(Locale.ROOT), name -> new HashSet<>())
          .add(words.get(1));
    }
  }

  /**
   * Where it gives up a request to one of these services.
   *
   * @param service tells the service that an address names, if any
   */
  List<SingleTry> found(Function<String, Optional<String>> service) {
    return passes.stream()
        .flatMap(
            pass ->
                givingUp(pass).stream()
                    .flatMap(
                        setting ->
                            addresses(pass.target())
                                .flatMap(address -> service.apply(address).stream())
                                .map(name -> new SingleTry(name, setting.place(), setting.text()))))
        .distinct()
        .toList();
  }

  private static Optional<Setting> givingUp(Pass pass) {
    String name = pass.module() + "_next_upstream";
    return Stream.of(name, name + "_tries")
        .flatMap(each -> pass.block().setting(each).stream())
        .filter(setting -> !setting.goesOn())
        .findFirst();
  }

  /** The addresses that a target may lead to, by a variable or an {@code upstream} block. */
  private Stream<String> addresses(String target) {
    Set<String> targets = new HashSet<>(Set.of(target));
    VARIABLE
        .matcher(target)
        .results()
        .forEach(found -> targets.addAll(values.getOrDefault(found.group(1), Set.of())));
    return targets.stream()
        .flatMap(
            each -> {
              String name = each.replaceFirst("^[a-z]+://", "").replaceFirst("[:/].*", "");
              Set<String> servers = upstreams.get(name.toLowerCase(Locale.ROOT));
              return servers == null ? Stream.of(each) : servers.stream();
            });
  }
}
