package dev.slipway.command;

import dev.slipway.Secret;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is run on the server besides compose: looks at the machine and its containers, and a few
 * files under {@code .slipway} in the checkout; the rest by subject.
 *
 * @param checkout the root of the git checkout on the server
 */
public record HostCommands(String checkout) {

  /** An event ends with a brace; a last line without one was never whole. */
  private static final String APPEND =
      """
      touch "$1" && bytes=$(($(wc -c < "$1"))) || exit
      [ "$bytes" -eq 0 ] || [ "$(tail -c 1 "$1" | wc -l)" -eq 1 ] || case $(tail -c 1 "$1") in
        '}') echo >> "$1" && bytes=$((bytes + 1)) || exit ;;
        *) bytes=$((bytes - $(tail -n 1 "$1" | wc -c))) && truncate -s "$bytes" "$1" || exit ;;
      esac
      cat >> "$1" || { truncate -s "$bytes" "$1"; exit 1; }
      """;

  /** Called in one command, since each takes a tenth of a second and more on a busy server. */
  private static final String CONTAINERS =
      "ids=$(docker ps --all --quiet --no-trunc --filter \"label=com.docker.compose.project=$1\""
          + " --filter label=com.docker.compose.oneoff=False) || exit;"
          + " if [ -n \"$ids\" ]; then docker inspect --type container $ids; else echo '[]'; fi";

  private static final String NAMESAKES =
      """
      found=$(docker ps --all --filter "label=com.docker.compose.service=$1" --format '{{.Label "com.docker.compose.project"}}|{{.Label "com.docker.compose.project.working_dir"}}|{{.Image}}') || exit
      printf '%s\\n' "$found" | while IFS='|' read -r project folder image; do
        if [ "$folder" = "$2" ] || { [ -n "$folder" ] && [ ! -d "$folder" ]; }; then
          printf '%s|%s|%s\\n' "$project" "$folder" "$image"
        fi
      done
      """;

  /** Validates. */
  public HostCommands {
    ShellCommand.absolute(checkout);
  }

  /** Where Slipway keeps its ledger and lock on the server; git is told to leave it alone. */
  public String stateDirectory() {
    return checkout + "/.slipway";
  }

  /** The append-only ledger. */
  public String ledgerFile() {
    return stateDirectory() + "/ledger.jsonl";
  }

  /** Prints seconds since the epoch. */
  public ShellCommand clock() {
    return ShellCommand.of("date", "+%s");
  }

  /**
   * Prints the engine's version; fails when the engine is missing, stopped or out of reach for this
   * user.
   */
  public ShellCommand dockerVersion() {
    return ShellCommand.of("docker", "version", "--format", "{{.Server.Version}}");
  }

  /** Prints how this account reaches the engine; {@link DockerAccess#of} reads it. */
  public ShellCommand dockerAccess() {
    return DockerAccess.look();
  }

  /**
   * Prints the free space, in KiB, where the engine keeps its images, as the fourth field of the
   * second line; that is in containerd's folder for an engine that leaves its images to it.
   */
  public ShellCommand freeSpace() {
    return ShellCommand.script(
        "info=$(docker info --format '{{.DockerRootDir}} {{.DriverStatus}}'); root=${info%% \\[*};"
            + " case $info in *io.containerd.snapshotter*)"
            + " [ ! -d /var/lib/containerd ] || [ -d \"$root/containerd/daemon\" ] || root=/var/lib/containerd ;; esac;"
            + " df -Pk \"$root\" 2>/dev/null || df -Pk /");
  }

  /** Prints git's version. */
  public ShellCommand gitVersion() {
    return ShellCommand.of("git", "--version");
  }

  /**
   * Stops containers by SIGTERM, or what their image wants instead, each within its own grace
   * period, and leaves them there.
   */
  public ShellCommand stop(Collection<String> containers) {
    return ShellCommand.of("docker", "stop").withOperands(List.copyOf(containers));
  }

  /** Starts containers, new ones and stopped ones. */
  public ShellCommand start(Collection<String> containers) {
    return ShellCommand.of("docker", "start").withOperands(List.copyOf(containers));
  }

  /** Removes stopped containers, and leaves what their volumes hold. */
  public ShellCommand remove(Collection<String> containers) {
    return ShellCommand.of("docker", "rm").withOperands(List.copyOf(containers));
  }

  /**
   * Prints what the engine knows of a project's containers, stopped ones included, one-off ones
   * left out, as one JSON list; fails when one is gone meanwhile.
   */
  public ShellCommand containers(String project) {
    return ShellCommand.script(CONTAINERS, project);
  }

  /**
   * Prints what the engine knows of containers or images, as one JSON list; fails when one is
   * missing.
   */
  public ShellCommand inspect(String type, List<String> names) {
    return ShellCommand.of("docker", "inspect", "--type", type).withOperands(names);
  }

  /**
   * Prints what the database's version table says, by the database container's own credentials;
   * nothing where there is no such table.
   */
  public ShellCommand schemaRevision(String postgresContainer) {
    return ShellCommand.inContainer(
        postgresContainer, "sh", "-c", DatabaseScripts.SCHEMA_REVISION, "slipway", "slipway");
  }

  /** Prints the whole configuration that an nginx in a container would load. */
  public ShellCommand nginxConfiguration(String container) {
    return ShellCommand.inContainer(container, "nginx", "-T");
  }

  /**
   * Makes the state folder, which the user must be able to write to, and keeps git from listing it.
   */
  public ShellCommand prepareState() {
    return ShellCommand.script(
        "umask 077 && mkdir -p \"$1\" && cd \"$2\" && exclude=$(git rev-parse --git-path info/exclude)"
            + " && mkdir -p \"$(dirname \"$exclude\")\" && touch \"$exclude\""
            + " && { grep -qx '/.slipway/' \"$exclude\" || echo '/.slipway/' >> \"$exclude\"; }"
            + " && { test -w \"$1\" || { echo \"no right to write to $1\" >&2; exit 1; }; }",
        stateDirectory(),
        checkout);
  }

  /** What is done with the checkout. */
  public CheckoutCommands git() {
    return new CheckoutCommands(checkout);
  }

  /** What is done with images. */
  public ImageCommands images() {
    return new ImageCommands();
  }

  /** What is done with env files. */
  public EnvironmentFileCommands variables() {
    return new EnvironmentFileCommands();
  }

  /** What is done with the page of an edge in maintenance. */
  public MaintenanceCommands maintenance() {
    return new MaintenanceCommands();
  }

  /** What is done with the deploy lock. */
  public LockCommands lock() {
    return new LockCommands(stateDirectory());
  }

  /** Prints the ledger; nothing when there is none yet. */
  public ShellCommand readLedger() {
    return printed(ledgerFile());
  }

  /**
   * Appends one line to the ledger, or nothing where there is no room for all of it; in place of
   * half an event that a server left there when it lost its power.
   */
  public ShellCommand appendLedger(String line) {
    return ShellCommand.script(APPEND, ledgerFile())
        .reading(Secret.of(ShellCommand.oneLine(line) + "\n"));
  }

  /** Prints the memory, in KiB, that programs can have without swapping. */
  public ShellCommand availableMemory() {
    return ShellCommand.of(
        "sed", "-n", "s/^MemAvailable: *\\([0-9]*\\) kB$/\\1/p", "/proc/meminfo");
  }

  /** Prints the version of iptables, which users who are not root may not have in their path. */
  public ShellCommand iptables() {
    return ShellCommand.script("PATH=$PATH:/usr/sbin:/sbin iptables --version");
  }

  /** Prints the folders that containers of a compose project were started from. */
  public ShellCommand projectFolders(String project) {
    return ShellCommand.of(
        "docker",
        "ps",
        "--all",
        "--filter",
        "label=com.docker.compose.project=" + project,
        "--format",
        "{{.Label \"com.docker.compose.project.working_dir\"}}");
  }

  /**
   * Prints project, folder and image of each container of a service, whatever its project, that was
   * started from a folder, or from one that is no more; separated by bars.
   */
  public ShellCommand namesakes(String service, String folder) {
    return ShellCommand.script(NAMESAKES, service, folder);
  }

  /** Prints the compose projects of the containers that publish a port. */
  public ShellCommand publishing(int port) {
    return ShellCommand.of(
        "docker",
        "ps",
        "--filter",
        "publish=" + port,
        "--format",
        "{{or (.Label \"com.docker.compose.project\") .Names}}");
  }

  /** Succeeds when some program of the machine listens on a TCP port. */
  public ShellCommand listens(int port) {
    return ShellCommand.script(
        "grep -q \"^ *[0-9]*: [0-9A-F]*:$(printf %04X \"$1\") [0-9A-F:]* 0A \" /proc/net/tcp /proc/net/tcp6",
        String.valueOf(port));
  }

  /**
   * Prints what a service has printed since a moment, such as {@code 10m} or an ISO instant; the
   * first generation of compose cannot be asked that.
   *
   * @param lines how many of them; all by default
   */
  public ShellCommand logsSince(
      String project, String service, String since, Optional<Integer> lines, boolean follow) {
    return ShellCommand.script(
        "id=$(docker ps --all --quiet --filter \"label=com.docker.compose.project=$1\""
            + " --filter \"label=com.docker.compose.service=$2\""
            + " --filter label=com.docker.compose.oneoff=False | head -n 1)"
            + " && { [ -n \"$id\" ] || { echo \"no container of $2\" >&2; exit 1; }; }"
            + " && docker logs --since \"$3\" --tail \"$4\" --follow=\"$5\" \"$id\"",
        project,
        service,
        since,
        lines.map(String::valueOf).orElse("all"),
        String.valueOf(follow));
  }

  /** Succeeds when a service has a container, whether it runs or not. */
  public ShellCommand hasContainer(String project, String service) {
    return ShellCommand.script(
        "id=$(docker ps --all --quiet --filter \"label=com.docker.compose.project=$1\""
            + " --filter \"label=com.docker.compose.service=$2\""
            + " --filter label=com.docker.compose.oneoff=False) && [ -n \"$id\" ]",
        project,
        service);
  }

  /** Succeeds when the state folder is there. */
  public ShellCommand hasState() {
    return ShellCommand.of("test", "-d", stateDirectory());
  }

  /** Prints a file; nothing when there is none. */
  static ShellCommand printed(String file) {
    return ShellCommand.script(
        "if [ -e \"$1\" ]; then cat \"$1\"; fi", ShellCommand.absolute(file));
  }
}
