package dev.slipway.command;

import dev.slipway.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a swap runs on the server: single containers, and what the edge's network refuses.
 *
 * @param host the commands of the same server
 */
public record SwapCommands(HostCommands host) {

  /**
   * The engine's API by the docker client, which every server has; the pipe stays open until the
   * engine has answered, since it takes the end of a request's connection for a cancellation.
   */
  private static final String ASK_ENGINE =
      "pipe=$(mktemp -u) && mkfifo -m 600 \"$pipe\" && { docker system dial-stdio <\"$pipe\" & }"
          + " && exec 3>\"$pipe\" && rm \"$pipe\" && cat >&3 && wait $!";

  /** The engine's own grammar of names; nothing in it needs encoding in an address. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

  private static final String PATH = "PATH=/usr/sbin:/sbin:/usr/bin:/bin; ";

  private static final String REFUSE =
      PATH
          + "iptables-restore -w --noflush && { iptables -w -C OUTPUT -j SLIPWAY 2>/dev/null"
          + " || iptables -w -I OUTPUT -j SLIPWAY; }";

  private static final String TURN =
      PATH
          + "rules=$(cat); case $(iptables -w -S SLIPWAY 2>/dev/null) in *\"-d $1/32 \"*) ;;"
          + " *'/32 -p tcp'*) iptables -w -F SLIPWAY && sleep 0.2 ;; esac;"
          + " printf '%s\\n' \"$rules\" | { "
          + REFUSE
          + "; }";

  /** Waits for a line, without which nothing happens. */
  private static final String ACCEPT =
      PATH
          + "read -r now || exit 1; ! iptables -w -C OUTPUT -j SLIPWAY 2>/dev/null"
          + " || { iptables -w -D OUTPUT -j SLIPWAY && iptables -w -F SLIPWAY && iptables -w -X SLIPWAY; }";

  /**
   * Runs docker with a line of standard input that comes {@code $1} seconds later, or {@code $2}
   * where sleep knows no parts of a second: what it starts meanwhile need not be waited for.
   */
  private static final String WAITING =
      "{ { sleep \"$1\" 2>/dev/null || sleep \"$2\"; } && echo now; } | { shift 2; docker \"$@\"; }";

  /**
   * The first process of a container may be a shell that passes no signal on, or one that takes HUP
   * for something else. In the container itself every master is found and told, by its own user,
   * who may do that without any right, or else by root; where there is no shell, nginx is that
   * first one.
   */
  private static final String RELOAD =
      "told() { docker exec \"$@\" sh -c '"
          + "cd /proc && told=1; for each in [0-9]*; do"
          + " case $(tr \"\\0\" \" \" 2>/dev/null <$each/cmdline) in \"nginx: master process\"*)"
          + " kill -HUP $each && told=0 || exit 1 ;; esac; done; exit $told' 2>/dev/null; };"
          + " told \"$1\" || told --user 0 \"$1\" || docker kill --signal HUP \"$1\"";

  private static final String PROCESSES =
      "docker top \"$1\" -eo pid,args 2>/dev/null || docker exec \"$1\" sh -c '"
          + "cd /proc && for each in [0-9]*; do echo \"$each $(tr \"\\0\" \" \" 2>/dev/null <$each/cmdline)\"; done'";

  private String mark() {
    return host.stateDirectory() + "/swap";
  }

  /** Notes that a swap is going on. */
  public ShellCommand begin() {
    return ShellCommand.of("touch", mark());
  }

  /**
   * Replaces the note by the containers that are told to stop from now on: until they have ended
   * they look as if they ran, and there is no way back to them.
   */
  public ShellCommand noteStopping(Collection<String> containers) {
    return ShellCommand.script("mark=$1 && shift && printf '%s\\n' \"$@\" > \"$mark\"", mark())
        .withOperands(containers.stream().map(ShellCommand::oneLine).toList());
  }

  /** Prints the containers of {@link #noteStopping}, one a line; fails when no swap is going on. */
  public ShellCommand stopping() {
    return ShellCommand.of("cat", mark());
  }

  /** Takes the note back. */
  public ShellCommand end() {
    return ShellCommand.of("rm", "-f", mark());
  }

  /** Succeeds when a swap was begun and not ended. */
  public ShellCommand isCutOff() {
    return ShellCommand.of("test", "-e", mark());
  }

  /**
   * Creates a container from what the engine told of another; prints the HTTP answer.
   *
   * @param description the body of the engine's {@code POST /containers/create}
   * @see <a href="https://docs.docker.com/reference/api/engine/version/v1.41/">Engine API 1.41</a>
   */
  public ShellCommand create(String name, String description) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a container: '" + name + "'");
    }
    int length = description.getBytes(StandardCharsets.UTF_8).length;
    return ShellCommand.script(ASK_ENGINE)
        .reading(
            Secret.of(
                "POST /containers/create?name="
                    + name
                    + " HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: "
                    + length
                    + "\r\nConnection: close\r\n\r\n"
                    + description));
  }

  /** Connects a container to one more network, under these names and with these links. */
  public ShellCommand connect(
      String network, List<String> aliases, List<String> links, String container) {
    ShellCommand connect = ShellCommand.of("docker", "network", "connect");
    for (String alias : aliases) {
      connect = connect.with("--alias", alias);
    }
    for (String link : links) {
      connect = connect.with("--link", link);
    }
    return connect.withOperands(network, container);
  }

  /** Removes containers and their anonymous volumes, running or not. */
  public ShellCommand remove(Collection<String> containers) {
    return ShellCommand.of("docker", "rm", "--force", "--volumes")
        .withOperands(List.copyOf(containers));
  }

  /** Gives a container another name. */
  public ShellCommand rename(String container, String name) {
    return ShellCommand.of("docker", "rename").withOperands(container, name);
  }

  /** Runs a container's health check in it; fails when it takes longer than that may. */
  public ShellCommand checkHealth(String container, List<String> command, Duration longest) {
    return ShellCommand.of("timeout", String.valueOf(longest.toSeconds()), "docker", "exec")
        .withOperands(container)
        .with(command);
  }

  /**
   * Stops one container and starts another that wants the same port; the first comes back when the
   * second does not start. The first may finish what takes no longer than the docker client does
   * until it kills, a tenth of a second or two: nobody is answered meanwhile.
   *
   * @param signal asks the first one to end
   */
  public ShellCommand replace(String old, String next, String signal) {
    return ShellCommand.of(
        "sh",
        "-c",
        "docker kill --signal \"$3\" \"$1\" && docker stop --time 0 \"$1\""
            + " && { docker start \"$2\" || { docker start \"$1\"; exit 1; }; }",
        "slipway",
        ShellCommand.operand(old),
        ShellCommand.operand(next),
        ShellCommand.operand(signal));
  }

  /** The last lines of one container. */
  public ShellCommand logs(String container, int lines) {
    return ShellCommand.script(
        "docker logs --tail \"$2\" \"$1\" 2>&1",
        ShellCommand.operand(container),
        String.valueOf(lines));
  }

  /** Prints what the engine knows of networks, as one JSON list. */
  public ShellCommand networks(Collection<String> names) {
    return ShellCommand.of("docker", "network", "inspect").withOperands(List.copyOf(names));
  }

  /** Has nginx load its configuration again. */
  public ShellCommand reload(String edge) {
    return ShellCommand.script(RELOAD).withOperands(edge);
  }

  /**
   * Prints process id and command line of a container's processes. The engine asks the server's own
   * ps for them, which on Alpine is BusyBox's and has no {@code -e}; then the container is asked.
   */
  public ShellCommand processes(String container) {
    return ShellCommand.script(PROCESSES).withOperands(container);
  }

  /** Prints the TCP connections that the kernel knows in a container's network, by its own cat. */
  public ShellCommand connections(String container) {
    return withoutEnded("docker exec \"$1\" cat", container);
  }

  /** The same for a container without a cat, by another image that has one. */
  public ShellCommand connections(String container, String image) {
    return withoutEnded(
        "docker run --rm --network \"container:$1\" --user 0 --entrypoint cat \"$2\"",
        container,
        image);
  }

  /**
   * A kernel without IPv6 has only the first table: what is printed counts, not how it ends. A busy
   * server has thousands of connections that are over (TIME_WAIT, 06); they need not travel.
   */
  private static ShellCommand withoutEnded(String cat, String... containerAndImage) {
    return ShellCommand.script(cat + " /proc/net/tcp /proc/net/tcp6 | grep -v ' 06 '")
        .withOperands(containerAndImage);
  }

  /** Has the network of a container refuse what the rules say, in place of what it refused. */
  public ShellCommand refuse(String container, String image, String rules) {
    return inNetworkOf(container, image, REFUSE).reading(Secret.of(rules));
  }

  /**
   * The same, when others were refused until now: for a moment nobody is. Who was refused by those
   * and goes on to the next address must not be refused there as well.
   *
   * @param address one of those that the rules refuse
   */
  public ShellCommand turnFrom(String container, String image, String address, String rules) {
    return inNetworkOf(container, image, TURN)
        .with("slipway", ShellCommand.operand(address))
        .reading(Secret.of(rules));
  }

  /** Has the network of a container refuse nothing any more, from this long on. */
  public ShellCommand acceptAll(String container, String image, Duration from) {
    String exact = String.format(Locale.ROOT, "%.3f", from.toMillis() / 1000.0);
    String whole = String.valueOf(from.plusMillis(999).toSeconds());
    List<String> docker = inNetworkOf(container, image, ACCEPT).arguments();
    return ShellCommand.script(WAITING, exact, whole).with(docker.subList(1, docker.size()));
  }

  /** Succeeds when the two above would. */
  public ShellCommand canRefuse(String container, String image) {
    return inNetworkOf(
        container, image, PATH + "iptables -w -S OUTPUT && command -v iptables-restore");
  }

  /**
   * The server's own programs in the network of a container, for a user who is not root but may use
   * the engine: a container that lives for a moment, with the right to change that network alone.
   */
  private static ShellCommand inNetworkOf(String container, String image, String script) {
    return ShellCommand.of("docker", "run", "--rm", "--interactive")
        .with("--network", "container:" + container, "--user", "0", "--cap-add", "NET_ADMIN")
        .with("--security-opt", "label=disable", "--volume", "/:/host", "--entrypoint", "chroot")
        .withOperands(image)
        .with("/host", "sh", "-c", script);
  }
}
