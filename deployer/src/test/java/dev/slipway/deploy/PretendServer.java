package dev.slipway.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.CommittedObjects;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server that pretends: it understands each command that a deployment sends, changes its state as
 * the real one would, and answers on a real port what its backend's image would answer.
 */
final class PretendServer implements Server, AutoCloseable {

  /** A container as the engine would know it. */
  record Container(String image, String imageId, String state) {}

  /** Reacts to a command instead of the server; empty: the server itself answers. */
  interface Trouble {
    Optional<CommandResult> befalls(ShellCommand command);
  }

  private static final String ENVIRONMENT_FILE = "/opt/platform-v2/.env";
  private static final String ADDRESS = "172.18.0.9";
  private static final String NEXT_ADDRESS = "172.18.0.10";
  private static final CommandResult DONE = new CommandResult(0, "", "");

  private final HostCommands commands;
  final PretendDatabase database;
  private final SwapCommands swaps;
  private final HttpServer http;
  private final HttpServer direct;
  final List<String> ran = new ArrayList<>();
  final List<String> askedByNames = new CopyOnWriteArrayList<>();
  final List<Trouble> troubles = new ArrayList<>();
  final Set<String> commits = new HashSet<>();
  final Map<String, String> parents = new HashMap<>();

  /** What the checkout stood at from each of these moments on, as its reflog tells. */
  final NavigableMap<Instant, String> heads = new TreeMap<>();

  /** When containers were made, by service, where that counts. */
  final Map<String, String> created = new HashMap<>();

  /** Services that end as soon as they are started. */
  final Set<String> jobs = new HashSet<>();

  /** Services that run the image of another. */
  final Map<String, String> sharing = new HashMap<>();

  /** The compose files that a service's container was made from, where that counts. */
  final Map<String, String> madeFrom = new HashMap<>();

  /** The variables of a service's container, where they count. */
  final Map<String, List<String>> environments = new HashMap<>();

  /** What a service's container mounts of the server's files. */
  final Map<String, List<String>> mounts = new HashMap<>();

  /** What containers of an image ended with. */
  final Map<String, Integer> exitStatuses = new HashMap<>();

  final Map<String, String> composeFiles = new HashMap<>();
  final Map<String, String> files = new HashMap<>();
  final Map<String, String> registry = new HashMap<>();
  final Map<String, String> images = new TreeMap<>();
  final Map<String, Container> containers = new TreeMap<>();
  final Map<String, String> versions = new HashMap<>();
  final Map<String, String> schemas = new HashMap<>();
  final Map<String, String> environmentFile = new TreeMap<>();

  /** Texts of other files beside that one. */
  final Map<String, String> otherFiles = new HashMap<>();

  final Map<String, Integer> restarts = new HashMap<>();
  final Map<String, Integer> crashes = new HashMap<>();
  final Map<String, Container> beside = new TreeMap<>();
  String ipv6Address = "";
  private int worker = 7;
  String edgeConfiguration = "resolver 127.0.0.11 valid=1s;";
  String refused = "";
  boolean swapping;
  List<String> stopping = List.of();
  final Set<String> sick = new HashSet<>();
  CommandResult probe = failed("manifest unknown");
  long freeKib = 8_000_000;
  String head = "";
  boolean onBranch = true;
  String schema = "";
  String ledger = "";
  boolean maintenance;
  boolean forbidsTunnels;

  /** Whether the edge reaches the old container of the backend alone. */
  boolean knowsTheOldOneAlone;

  /** Whether the engine has not run a new container's health check yet. */
  boolean starting;

  /** How often that check fails before it succeeds. */
  int failingChecks;

  /** The compose project, from which the containers have their names. */
  String project = "platform-v2";

  /** What it says of containers of the backend's service in other projects. */
  String namesakes = "";

  private final Map<String, String> numbers = new HashMap<>();

  /** The names of containers that are not called after their service and the number 1. */
  final Map<String, String> names = new HashMap<>();

  String connections = "  sl  local_address rem_address   st\n";
  Optional<String> lock = Optional.empty();
  Duration silence = Duration.ZERO;

  PretendServer(String checkout) {
    this.commands = new HostCommands(checkout);
    this.database = new PretendDatabase(checkout);
    this.swaps = new SwapCommands(commands);
    http = server();
    http.createContext(
        "/health",
        exchange -> {
          if (knowsTheOldOneAlone && Objects.equals(behindTheEdge(), next())) {
            exchange.sendResponseHeaders(502, -1);
            exchange.close();
          } else {
            health(exchange, behindTheEdge());
          }
        });
    direct = server();
    direct.createContext("/health", exchange -> health(exchange, next()));
    direct.start();
    http.start();
  }

  private @Nullable Container next() {
    return beside.get(project + "-backend-1-next");
  }

  private @Nullable Container behindTheEdge() {
    return next() != null && refused.contains("-d " + ADDRESS + " ")
        ? next()
        : containers.get("backend");
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void health(HttpExchange exchange, @Nullable Container backend) throws IOException {
    askedByNames.add(exchange.getRequestHeaders().getFirst("Host"));
    boolean well =
        backend != null && backend.state().equals("running") && !sick.contains(backend.imageId());
    String version = backend == null ? "" : versions.getOrDefault(backend.imageId(), "");
    byte[] body =
        Json.line(Map.of("status", well ? "ok" : "degraded", "version", version))
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(well ? 200 : 503, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    http.stop(0);
    direct.stop(0);
  }

  @Override
  public String name() {
    return "deploy@pretended";
  }

  @Override
  public boolean allowsTunnel(String host, int remotePort) {
    return !forbidsTunnels;
  }

  @Override
  public Tunnel tunnel(String host, int remotePort) {
    if (!allowsTunnel(host, remotePort)) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING, "It forbids to reach " + host + ".", "Allow it.");
    }
    HttpServer reached = host.equals("127.0.0.1") ? http : direct;
    return new Tunnel() {
      @Override
      public int localPort() {
        return reached.getAddress().getPort();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Offer offer(int localPort) {
    return new Offer() {
      @Override
      public int remotePort() {
        return localPort;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized CommandResult run(
      ShellCommand command, Duration deadline, Consumer<String> lines) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(command);
    }
    ran.add(command.toString());
    for (Trouble trouble : troubles) {
      Optional<CommandResult> result = trouble.befalls(command);
      if (result.isPresent()) {
        return result.get();
      }
    }
    CommandResult result =
        database.answer(command).orElseGet(() -> answer(database.unwrapped(command)));
    result.standardOutput().lines().forEach(lines);
    return result;
  }

  static SlipwayException interrupted(ShellCommand command) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE, "\"" + command + "\" was interrupted.", "See slipway status.");
  }

  private CommandResult answer(ShellCommand command) {
    List<String> words = command.arguments();
    String input = command.input().map(Secret::reveal).orElse("");
    if (words.equals(commands.prepareState().arguments())) {
      return DONE;
    } else if (words.contains(commands.stateDirectory()) && words.get(2).contains("exec 9<")) {
      return lock(command, input);
    } else if (words.get(0).equals("sh") && words.get(2).contains("docker pull")) {
      return pull(words.get(4));
    } else if (words.get(0).equals("sh") && words.get(2).contains("docker image rm")) {
      words.subList(4, words.size()).forEach(images::remove);
      return DONE;
    } else if (words.equals(commands.images().imageStore().arguments())) {
      return said(imageStore());
    } else if (words.equals(commands.images().imagesInUse().arguments())) {
      return said(String.join("\n", containers.values().stream().map(Container::imageId).toList()));
    } else if (words.equals(commands.freeSpace().arguments())) {
      return said("Filesystem 1024-blocks Used Available\n/dev/vda1 1 1 " + freeKib + " 1% /\n");
    } else if (isScript(words, commands.namesakes("any", "/"))) {
      return said(namesakes);
    } else if (words.get(words.size() - 1).equals("is-well")) {
      return failingChecks-- > 0 ? failed("not yet") : DONE;
    } else if (words.get(0).equals("timeout")) {
      return probe;
    } else if (words.equals(commands.readLedger().arguments())) {
      return said(ledger);
    } else if (words.equals(commands.appendLedger("").arguments())) {
      ledger += input;
      return DONE;
    } else if (words.equals(commands.variables().readVariables(ENVIRONMENT_FILE).arguments())) {
      return said(
          String.join(
              "\n",
              environmentFile.entrySet().stream()
                  .map(each -> each.getKey() + "=" + each.getValue())
                  .toList()));
    } else if (isScript(words, commands.variables().readFiles("/", List.of("any")))) {
      return said(
          words.stream()
              .skip(5)
              .map(name -> otherFiles.getOrDefault(name, "").getBytes(StandardCharsets.UTF_8))
              .map(bytes -> Base64.getEncoder().encodeToString(bytes) + "\n")
              .collect(Collectors.joining()));
    } else if (words.equals(swaps.begin().arguments())) {
      swapping = true;
      return DONE;
    } else if (words.equals(swaps.stopping().arguments())) {
      return swapping ? said(String.join("\n", stopping)) : failed("no such file");
    } else if (words
        .subList(0, Math.min(5, words.size()))
        .equals(swaps.noteStopping(List.of()).arguments())) {
      stopping = words.subList(5, words.size());
      return DONE;
    } else if (words.equals(swaps.end().arguments())) {
      swapping = false;
      stopping = List.of();
      return DONE;
    } else if (words.equals(swaps.isCutOff().arguments())) {
      return swapping ? DONE : failed("");
    } else if (words.equals(swaps.create("any", "").arguments())) {
      return create(input);
    } else if (isScript(words, swaps.replace("old", "next", "signal"))) {
      containers.put(service(words.get(4)), beside(words.get(5)));
      return DONE;
    } else if (isScript(words, swaps.acceptAll("any", "image", Duration.ZERO))) {
      return docker(words.subList(6, words.size()), input);
    } else if (isScript(words, swaps.connections("any"))
        || isScript(words, swaps.connections("any", "image"))) {
      return said(connections);
    } else if (isScript(words, swaps.processes("any"))) {
      return said("PID COMMAND\n" + worker + " nginx: worker process\n");
    } else if (isScript(words, swaps.reload("any"))) {
      worker++;
      return DONE;
    } else if (isScript(words, swaps.logs("any", 50))) {
      return said("the last words of " + service(words.get(4)) + "\n");
    } else if (isScript(words, commands.containers("any"))) {
      return said(Json.line(inspectedContainers()));
    } else if (isObjects(words)) {
      return commits.contains(words.get(4)) ? said(tree(words)) : failed("unknown");
    } else if (words.get(0).equals("git")) {
      return git(words.subList(3, words.size()));
    } else if (words.get(0).equals("docker") && words.get(1).equals("compose")) {
      return compose(words.subList(6, words.size()), command.environment());
    } else if (words.get(0).equals("docker")) {
      return docker(words.subList(1, words.size()), input);
    } else if (words.get(0).equals("sh") && words.size() == 7) {
      environmentFile.put(words.get(5), words.get(6));
      return DONE;
    }
    throw new AssertionError("the pretended server does not understand: " + command);
  }

  private CommandResult lock(ShellCommand command, String input) {
    List<String> words = command.arguments();
    boolean own = lock.equals(Optional.of(input));
    if (words.equals(commands.lock().take("").arguments())) {
      return lock.isPresent() ? held() : locked(Optional.of(input));
    } else if (words.equals(commands.lock().renew("").arguments())) {
      return own ? DONE : held();
    } else if (words.equals(commands.lock().look().arguments())) {
      return held();
    } else if (words.equals(commands.lock().giveBack("").arguments())) {
      return own || lock.isEmpty() ? locked(Optional.empty()) : held();
    }
    String dead = lock.orElse("") + "\n";
    long patience = Long.parseLong(words.get(words.size() - 1));
    return input.startsWith(dead) && silence.toSeconds() >= patience
        ? locked(Optional.of(input.substring(dead.length())))
        : held();
  }

  private CommandResult locked(Optional<String> owner) {
    lock = owner;
    silence = Duration.ZERO;
    return DONE;
  }

  private CommandResult held() {
    return new CommandResult(
        1, lock.map(owner -> silence.toSeconds() + "\n" + owner + "\n").orElse(""), "");
  }

  private CommandResult git(List<String> words) {
    String last = words.get(words.size() - 1);
    return switch (words.get(0)) {
      case "rev-parse" -> said(last.equals("HEAD") ? head + "\n" : headsAt(words));
      case "cat-file" ->
          commits.contains(last.replace("^{commit}", "")) ? DONE : failed("no such commit");
      case "merge-base" -> isAncestor(words.get(2), last) ? DONE : failed("");
      case "fetch" -> {
        commits.add(last);
        yield DONE;
      }
      case "checkout" -> {
        head = last;
        onBranch = false;
        yield DONE;
      }
      case "status" -> said("");
      case "show" -> show(last.substring(0, last.indexOf(':')));
      default -> throw new AssertionError("git " + words);
    };
  }

  private String headsAt(List<String> words) {
    return words.stream()
        .skip(1)
        .map(word -> Instant.parse(word.replaceAll("HEAD@\\{|\\}", "")))
        .map(moment -> Objects.requireNonNullElse(heads.floorEntry(moment), heads.firstEntry()))
        .map(entry -> entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private boolean isAncestor(String older, String newer) {
    String parent = newer;
    while (parent != null && !parent.equals(older)) {
      parent = parents.get(parent);
    }
    return parent != null && commits.contains(older) && commits.contains(newer);
  }

  /** Whether words run a command's script, with whatever arguments. */
  private static boolean isScript(List<String> words, ShellCommand command) {
    return words.size() > 4 && words.subList(0, 4).equals(command.arguments().subList(0, 4));
  }

  /** Whether words ask for what a commit has at some paths. */
  static boolean isObjects(List<String> words) {
    return isScript(words, CommittedObjects.at("c0ffee", List.of("any")));
  }

  /** What it has there. */
  String tree(List<String> words) {
    return String.join(
        "\0",
        words.stream()
            .skip(5)
            .map(path -> files.getOrDefault(words.get(4) + ":" + path, "") + " " + path)
            .toList());
  }

  private CommandResult show(String commit) {
    String text = composeFiles.get(commit);
    return text != null && commits.contains(commit) ? said(text) : failed("no such path");
  }

  private CommandResult docker(List<String> words, String input) {
    String last = words.get(words.size() - 1);
    return switch (words.get(0)) {
      case "start" -> turned(words, "running");
      case "stop" -> turned(words, "exited");
      case "rm" -> {
        if (words.contains("--force")) {
          words.stream().skip(1).forEach(this::remove);
          yield DONE;
        }
        yield removeStopped(words.subList(1, words.size()));
      }
      case "rename" -> rename(words.get(1).replace("id-of-", ""), last);
      case "network" -> said("[]");
      case "run" -> inNetwork(String.join(" ", words), input);
      case "inspect" ->
          words.get(2).equals("image")
              ? inspectImages(words.subList(3, words.size()))
              : inspectContainers(words.subList(3, words.size()));
      case "pull" -> pull(last);
      case "tag" -> {
        if (last.contains("@")) {
          yield failed("refusing to create a tag with a digest reference");
        }
        images.put(last, images.getOrDefault(words.get(1), "?"));
        yield DONE;
      }
      case "exec" ->
          last.equals("-T")
              ? said(edgeConfiguration)
              : words.contains("test")
                  ? (maintenance ? DONE : failed(""))
                  : said(schema.isEmpty() ? "" : schema + "\n");
      default -> throw new AssertionError("docker " + words);
    };
  }

  private CommandResult turned(List<String> ids, String state) {
    for (Map<String, Container> all : List.of(containers, beside)) {
      all.replaceAll(
          (name, was) ->
              ids.contains(id(name)) ? new Container(was.image(), was.imageId(), state) : was);
    }
    return DONE;
  }

  private CommandResult rename(String old, String name) {
    Container next = beside.get(old);
    if (next != null && taken(name)) {
      return failed("Conflict. The container name \"/" + name + "\" is already in use");
    }
    if (next != null) {
      beside.remove(old);
      containers.put(service(old), next);
      names.put(service(old), name);
      numbers.put(name, numberOf(old));
    }
    return DONE;
  }

  private boolean taken(String name) {
    return beside.containsKey(name)
        || containers.keySet().stream().anyMatch(each -> name(each).equals(name));
  }

  private String numberOf(String name) {
    return numbers.getOrDefault(name, name.replaceFirst("^.*-(\\d+)(-next|-trial)?$", "$1"));
  }

  private String name(String service) {
    return names.getOrDefault(service, project + "-" + service + "-1");
  }

  private void remove(String container) {
    String name = container.replace("id-of-", "");
    if (containers.containsKey(name) && beside.containsKey(project + "-" + name + "-1-next")) {
      containers.remove(name);
    }
    beside.remove(name);
  }

  private CommandResult removeStopped(List<String> ids) {
    if (containers.entrySet().stream()
        .anyMatch(
            each -> ids.contains(id(each.getKey())) && each.getValue().state().equals("running"))) {
      return failed("cannot remove a running container");
    }
    containers.keySet().removeIf(service -> ids.contains(id(service)));
    return DONE;
  }

  private CommandResult inNetwork(String script, String rules) {
    if (script.contains("iptables-restore -w")) {
      refused = rules;
    } else if (script.contains("-X SLIPWAY")) {
      refused = "";
    }
    return DONE;
  }

  private CommandResult create(String request) {
    String name = request.replaceFirst("(?s).*?name=(\\S+) .*", "$1");
    JsonNode body = Json.tree(request.substring(request.indexOf("\r\n\r\n")).strip());
    String image = body.path("Image").asText();
    beside.put(name, new Container(image, images.getOrDefault(image, "?"), "running"));
    numbers.put(name, body.at("/Labels").path("com.docker.compose.container-number").asText());
    return said("HTTP/1.1 201 Created\r\n\r\n" + Json.line(Map.of("Id", id(name))));
  }

  private Container beside(String id) {
    return Objects.requireNonNull(beside.remove(id.replace("id-of-", "")), id);
  }

  private String service(String id) {
    return id.replaceFirst("^id-of-", "")
        .replaceFirst("^" + project + "-(.*)-\\d+(-next|-trial)?$", "$1");
  }

  private CommandResult pull(String pinned) {
    String id = registry.get(pinned);
    if (id == null) {
      return failed("manifest unknown");
    }
    images.put(pinned, id);
    images.put(id, id);
    return DONE;
  }

  private CommandResult compose(List<String> words, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(environmentFile);
    environment.putAll(variables);
    return switch (words.get(0)) {
      case "up" ->
          words.contains("--no-start")
              ? seconds(words.stream().filter(word -> word.endsWith("=2")).toList(), environment)
              : up(
                  words.stream().skip(4).filter(word -> !word.startsWith("--")).toList(),
                  environment);
      case "pull" -> {
        words.stream().skip(1).map(each -> image(each, environment)).forEach(this::addForeign);
        yield DONE;
      }
      case "run" -> {
        String image = images.getOrDefault(image("backend", environment), "?");
        schema = schemas.getOrDefault(image, schema);
        yield said("Running upgrade -> " + schema + "\n");
      }
      default -> throw new AssertionError("compose " + words);
    };
  }

  private CommandResult seconds(List<String> scales, Map<String, String> environment) {
    for (String scale : scales) {
      String service = scale.replace("=2", "");
      String image = image(service, environment);
      String id = images.get(image);
      if (id == null) {
        return failed("no such image: " + image);
      }
      List<String> there =
          Stream.concat(
                  Stream.of(name(service)),
                  beside.keySet().stream().filter(each -> service(each).equals(service)))
              .toList();
      if (there.size() > 1) {
        continue;
      }
      String name = project + "-" + service + "-" + (1 + Integer.parseInt(numberOf(there.get(0))));
      if (taken(name)) {
        return failed("Conflict. The container name \"/" + name + "\" is already in use");
      }
      beside.put(name, new Container(image, id, "created"));
    }
    return DONE;
  }

  private void addForeign(String image) {
    images.put(image, "sha256:" + image);
    images.put("sha256:" + image, "sha256:" + image);
  }

  private CommandResult up(List<String> services, Map<String, String> environment) {
    for (String service : services) {
      if (!composeFiles.getOrDefault(head, "").contains("  " + service + ":")) {
        return failed("no such service: " + service);
      }
      String image = image(service, environment);
      String id = images.get(image);
      if (id == null) {
        return failed("no such image: " + image);
      }
      String state = jobs.contains(service) ? "exited" : "running";
      containers.put(service, new Container(image, id, state));
    }
    return DONE;
  }

  private String image(String name, Map<String, String> environment) {
    String service = sharing.getOrDefault(name, name);
    return service.equals("postgres") || service.equals("redis")
        ? service + ":15"
        : environment.get("REGISTRY") + "/" + service + ":" + environment.get("TAG");
  }

  private CommandResult inspectContainers(Collection<String> ids) {
    return said(
        Json.line(
            inspectedContainers().stream().filter(each -> ids.contains(each.get("Id"))).toList()));
  }

  private List<Map<String, Object>> inspectedContainers() {
    List<Map<String, Object>> found = new ArrayList<>();
    containers.forEach(
        (service, container) ->
            found.add(inspected(name(service), id(service), service, container)));
    beside.forEach(
        (name, container) -> found.add(inspected(name, id(name), service(name), container)));
    return found;
  }

  private Map<String, Object> inspected(
      String name, String id, String service, Container container) {
    Map<String, Object> inspected = new HashMap<>(told(name, id, service, container));
    inspected.put(
        "Mounts",
        mounts.getOrDefault(service, List.of()).stream()
            .map(source -> Map.of("Type", "bind", "Source", source, "Destination", source))
            .toList());
    return inspected;
  }

  private Map<String, Object> told(String name, String id, String service, Container container) {
    boolean running = container.state().equals("running");
    String address = name.endsWith("-next") ? NEXT_ADDRESS : ADDRESS;
    return Map.of(
        "Id",
        id,
        "Name",
        "/" + name,
        "Image",
        container.imageId(),
        "Created",
        created.getOrDefault(service, ""),
        "RestartCount",
        name.endsWith("-1")
            ? restarts.getOrDefault(service, 0)
            : crashes.getOrDefault(container.imageId(), 0),
        "Config",
        Map.of(
            "Image",
            container.image(),
            "ExposedPorts",
            Map.of("8000/tcp", Map.of()),
            "Env",
            environments.getOrDefault(service, List.of()),
            "Healthcheck",
            Map.of("Test", List.of("CMD", "is-well")),
            "Labels",
            Map.of(
                "com.docker.compose.service",
                service,
                "com.docker.compose.project.config_files",
                madeFrom.getOrDefault(service, ""),
                "com.docker.compose.config-hash",
                "made with " + container.image(),
                "com.docker.compose.project",
                project,
                "com.docker.compose.container-number",
                numberOf(name))),
        "HostConfig",
        Map.of("NetworkMode", project + "_default"),
        "State",
        starting && name.endsWith("-next")
            ? Map.of("Status", container.state(), "Health", Map.of("Status", "starting"))
            : Map.of(
                "Status",
                container.state(),
                "ExitCode",
                container.state().equals("exited")
                    ? exitStatuses.getOrDefault(container.imageId(), 0)
                    : 0),
        "NetworkSettings",
        Map.of(
            "Networks",
            Map.of(
                project + "_default",
                Map.of(
                    "IPAddress",
                    running ? address : "",
                    "GlobalIPv6Address",
                    ipv6Address,
                    "Aliases",
                    List.of(service))),
            "Ports",
            service.equals("nginx") && running
                ? Map.of("8080/tcp", List.of(Map.of("HostPort", "80")))
                : Map.of()));
  }

  /** A layer an image, named after it. */
  private String imageStore() {
    List<String> lines = new ArrayList<>();
    for (String id : new TreeSet<>(images.values())) {
      List<String> names =
          images.entrySet().stream()
              .filter(entry -> entry.getValue().equals(id) && !entry.getKey().equals(id))
              .map(Map.Entry::getKey)
              .toList();
      lines.add(
          Json.line(
              Map.of(
                  "id",
                  id,
                  "tags",
                  names.stream().filter(name -> !name.contains("@")).toList(),
                  "digests",
                  names.stream().filter(name -> name.contains("@")).toList(),
                  "layers",
                  List.of("layer-of-" + id))));
    }
    return String.join("\n", lines);
  }

  private CommandResult inspectImages(Collection<String> names) {
    Map<String, Object> found = new LinkedHashMap<>();
    boolean missing = false;
    for (String name : names) {
      String id = images.get(name);
      if (id == null) {
        missing = true;
        continue;
      }
      List<String> known =
          images.entrySet().stream()
              .filter(entry -> entry.getValue().equals(id) && !entry.getKey().equals(id))
              .map(Map.Entry::getKey)
              .toList();
      found.put(
          id,
          Map.of(
              "Id",
              id,
              "RepoTags",
              known.stream().filter(each -> !each.contains("@")).toList(),
              "RepoDigests",
              known.stream().filter(each -> each.contains("@")).toList()));
    }
    return new CommandResult(missing ? 1 : 0, Json.line(found.values()), missing ? "No such" : "");
  }

  private static String id(String service) {
    return "id-of-" + service;
  }

  static CommandResult said(String text) {
    return new CommandResult(0, text, "");
  }

  static CommandResult failed(String why) {
    return new CommandResult(1, "", why);
  }
}
