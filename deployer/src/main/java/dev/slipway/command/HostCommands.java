package dev.slipway.command;

import dev.slipway.Secret;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is run on the server besides compose: git, docker and a few files under {@code .slipway} in
 * the checkout.
 *
 * @param checkout the root of the git checkout on the server
 */
public record HostCommands(String checkout) {

  /** What {@link #pull(String, String, String, Secret)} exits with when the login is refused. */
  public static final int LOGIN_REFUSED = 77;

  /** Begins a script with a login of its own, in memory: a reboot must not leave it on a disk. */
  private static final String OWN_LOGIN =
      "DOCKER_CONFIG=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) && export DOCKER_CONFIG"
          + " && trap 'rm -rf \"$DOCKER_CONFIG\"' EXIT";

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

  /** The page that an edge in maintenance shows, in its container; there only while it is. */
  public static final String MAINTENANCE_PAGE = "/tmp/slipway-maintenance.html";

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

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
    return script(
        "info=$(docker info --format '{{.DockerRootDir}} {{.DriverStatus}}'); root=${info%% \\[*};"
            + " case $info in *io.containerd.snapshotter*)"
            + " [ ! -d /var/lib/containerd ] || [ -d \"$root/containerd/daemon\" ] || root=/var/lib/containerd ;; esac;"
            + " df -Pk \"$root\" 2>/dev/null || df -Pk /");
  }

  /** Prints git's version. */
  public ShellCommand gitVersion() {
    return ShellCommand.of("git", "--version");
  }

  /** Prints the commit that the checkout stands at. */
  public ShellCommand head() {
    return git("rev-parse", "--verify", "HEAD");
  }

  /** Prints tracked files with local edits. */
  public ShellCommand localEdits() {
    return git("status", "--porcelain", "--untracked-files=no");
  }

  /** Succeeds when the repository has the commit. */
  public ShellCommand hasCommit(String commit) {
    return git("cat-file", "-e", commit(commit) + "^{commit}");
  }

  /** Succeeds when the repository has both commits and the second descends from the first. */
  public ShellCommand isAncestor(String older, String newer) {
    return git("merge-base", "--is-ancestor", commit(older), commit(newer));
  }

  /** Brings one commit from the repository's origin. */
  public ShellCommand fetch(String commit) {
    return git("fetch", "--quiet", "origin", commit(commit));
  }

  /** Fetches all branches, for servers of git that do not hand out single commits. */
  public ShellCommand fetchAll() {
    return git("fetch", "--quiet", "origin");
  }

  /** Moves the checkout; git itself refuses where a local edit would be lost. */
  public ShellCommand checkOut(String commit) {
    return git("checkout", "--quiet", "--detach", commit(commit));
  }

  /** Prints a file of the checkout as a commit has it. */
  public ShellCommand show(String commit, String path) {
    return git("show", commit(commit) + ":" + path);
  }

  /**
   * Prints what a commit has at these paths of the repository: the same text, where two commits
   * have the same there.
   */
  public ShellCommand objects(String commit, Collection<String> paths) {
    return git("ls-tree", "--full-tree", "-z", commit(commit), "--")
        .withOperands(List.copyOf(paths));
  }

  /** Asks the registry whether it knows the login, and leaves nothing of it behind. */
  public ShellCommand checkLogin(String registry, String user, Secret password) {
    return script(
            OWN_LOGIN + " && docker login --username \"$1\" --password-stdin \"$2\" >/dev/null",
            user,
            ShellCommand.operand(registry))
        .reading(password);
  }

  /** Pulls one image with what the server itself knows of the registry. */
  public ShellCommand pull(String pinned) {
    return ShellCommand.of("docker", "pull").withOperands(pinned);
  }

  /**
   * Pulls one image with a login that is made for it and ends with it, whatever becomes of who
   * asked; exits with {@link #LOGIN_REFUSED} when the registry does not take it.
   */
  public ShellCommand pull(String pinned, String registry, String user, Secret password) {
    return script(
            OWN_LOGIN
                + " && trap 'exit 129' HUP INT TERM"
                + " && { docker login --username \"$2\" --password-stdin \"$3\" >/dev/null || exit "
                + LOGIN_REFUSED
                + "; } && docker pull \"$1\"",
            ShellCommand.operand(pinned),
            user,
            ShellCommand.operand(registry))
        .reading(password);
  }

  /**
   * Asks for an image that no registry has: what the engine answers tells whether it reaches the
   * registry.
   */
  public ShellCommand probe(String name) {
    return ShellCommand.of("timeout", "25", "docker", "pull", "--quiet")
        .withOperands(name + "@sha256:" + "0".repeat(64));
  }

  /** Prints what the engine knows of each of its images, as JSON, one line each. */
  public ShellCommand imageStore() {
    return script(
        "ids=$(docker images --quiet --no-trunc | sort -u); [ -z \"$ids\" ]"
            + " || docker image inspect --format '{\"id\":{{json .Id}},\"tags\":{{json .RepoTags}},"
            + "\"digests\":{{json .RepoDigests}},\"layers\":{{json .RootFS.Layers}}}' $ids");
  }

  /** Prints the ids of the images of all containers, stopped ones and other projects' included. */
  public ShellCommand imagesInUse() {
    return script(
        "ids=$(docker ps --all --quiet --no-trunc); [ -z \"$ids\" ]"
            + " || docker container inspect --format '{{.Image}}' $ids");
  }

  /**
   * Takes these names from an image, and with the last of them the image goes; never by force, so
   * that one which a container uses stays.
   */
  public ShellCommand removeImage(List<String> names) {
    return script(
            "failed=0; for name; do docker image inspect \"$name\" >/dev/null 2>&1 || continue;"
                + " docker image rm \"$name\" >/dev/null || failed=1; done; exit $failed")
        .withOperands(names);
  }

  /** Gives an image another name. */
  public ShellCommand tag(String image, String name) {
    return ShellCommand.of("docker", "tag").withOperands(image, name);
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

  /**
   * Prints what the engine knows of a project's containers, stopped ones included, one-off ones
   * left out, as one JSON list; fails when one is gone meanwhile.
   */
  public ShellCommand containers(String project) {
    return ShellCommand.of("sh", "-c", CONTAINERS, "slipway", project);
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
    return in(postgresContainer, "sh", "-c", DatabaseScripts.SCHEMA_REVISION, "slipway", "slipway");
  }

  /** Prints the whole configuration that an nginx in a container would load. */
  public ShellCommand nginxConfiguration(String container) {
    return in(container, "nginx", "-T");
  }

  /** Puts a page where the edge looks for one, whole or not at all. */
  public ShellCommand writeMaintenancePage(String container, Secret page) {
    return ShellCommand.of("docker", "exec", "-i")
        .withOperands(container)
        .with(
            "sh",
            "-c",
            "cat > \"$1.new\" && chmod 644 \"$1.new\" && mv \"$1.new\" \"$1\"",
            "slipway",
            MAINTENANCE_PAGE)
        .reading(page);
  }

  /** Takes that page away; succeeds when there is none. */
  public ShellCommand removeMaintenancePage(String container) {
    return in(container, "rm", "-f", MAINTENANCE_PAGE);
  }

  /** Succeeds when that page is there. */
  public ShellCommand hasMaintenancePage(String container) {
    return in(container, "test", "-f", MAINTENANCE_PAGE);
  }

  /** Prints the names, never the values, of the keys in an env file. */
  public ShellCommand variableNames(String file) {
    return ShellCommand.of(
            "sed",
            "-n",
            "s/^[[:space:]]*\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p",
            ShellCommand.absolute(file))
        .withVariable("LC_ALL", "C");
  }

  /** Prints an env file, values included; nothing when there is none. */
  public ShellCommand readVariables(String file) {
    return printed(file);
  }

  /**
   * Makes the state folder, which the user must be able to write to, and keeps git from listing it.
   */
  public ShellCommand prepareState() {
    return script(
        "umask 077 && mkdir -p \"$1\" && cd \"$2\" && exclude=$(git rev-parse --git-path info/exclude)"
            + " && mkdir -p \"$(dirname \"$exclude\")\" && touch \"$exclude\""
            + " && { grep -qx '/.slipway/' \"$exclude\" || echo '/.slipway/' >> \"$exclude\"; }"
            + " && { test -w \"$1\" || { echo \"no right to write to $1\" >&2; exit 1; }; }",
        stateDirectory(),
        checkout);
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
    return script(APPEND, ledgerFile()).reading(Secret.of(ShellCommand.oneLine(line) + "\n"));
  }

  /**
   * Sets one key of an env file, keeping every other line, the mode and the owner; written beside,
   * then renamed, so that nobody reads half a file; in bytes, as the team's editor may have written
   * other than UTF-8. A value of more than one line is refused: the second would set another key.
   */
  public ShellCommand setVariable(String file, String name, String value) {
    return script(
        "umask 077 && touch \"$1\" && file=$(readlink -f \"$1\") && cp -p \"$file\" \"$file.slipway\""
            + " && { { LC_ALL=C grep -a -v \"^$2=\" \"$file\" || [ $? -eq 1 ]; } && printf '%s=%s\\n' \"$2\" \"$3\"; }"
            + " > \"$file.slipway\""
            + " && mv \"$file.slipway\" \"$file\"",
        ShellCommand.absolute(file), variable(name), ShellCommand.oneLine(value));
  }

  /**
   * Prints {@code checkout}, {@code free}, {@code forbidden} or {@code taken}: what stands where
   * the checkout is to be, and whether this user may make one there.
   */
  public ShellCommand place() {
    return script(
        "place=$1; if git -C \"$place\" rev-parse --verify --quiet HEAD >/dev/null 2>&1; then echo checkout; exit; fi"
            + "; if [ -e \"$place\" ] && { [ ! -d \"$place\" ] || [ -n \"$(ls -A \"$place\")\" ]; }; then echo taken; exit; fi"
            + "; until [ -e \"$place\" ]; do place=$(dirname \"$place\"); done"
            + "; if [ -d \"$place\" ] && [ -w \"$place\" ]; then echo free; else echo forbidden; fi",
        checkout);
  }

  /** Succeeds when the server itself can read a repository; never asks for a password. */
  public ShellCommand canRead(String origin) {
    return quiet(ShellCommand.of("git", "ls-remote", "--quiet", "--", origin, "HEAD"));
  }

  /** The same of the checkout's own origin. */
  public ShellCommand canReadOrigin() {
    return quiet(git("ls-remote", "--quiet", "origin", "HEAD"));
  }

  /** Prints where the checkout came from. */
  public ShellCommand origin() {
    return git("config", "--get", "remote.origin.url");
  }

  /** Succeeds when this user may write to the checkout. */
  public ShellCommand mayWrite() {
    return ShellCommand.of("test", "-w", checkout);
  }

  /** Prints the memory, in KiB, that programs can have without swapping. */
  public ShellCommand availableMemory() {
    return ShellCommand.of(
        "sed", "-n", "s/^MemAvailable: *\\([0-9]*\\) kB$/\\1/p", "/proc/meminfo");
  }

  /** Prints the version of iptables, which users who are not root may not have in their path. */
  public ShellCommand iptables() {
    return script("PATH=$PATH:/usr/sbin:/sbin iptables --version");
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
    return script(
        "grep -q \"^ *[0-9]*: [0-9A-F]*:$(printf %04X \"$1\") [0-9A-F:]* 0A \" /proc/net/tcp /proc/net/tcp6",
        String.valueOf(port));
  }

  /**
   * Prints what a service has printed since a moment, such as {@code 10m} or an ISO instant; the
   * first generation of compose cannot be asked that.
   */
  public ShellCommand logsSince(
      String project, String service, String since, int lines, boolean follow) {
    return script(
        "id=$(docker ps --all --quiet --filter \"label=com.docker.compose.project=$1\""
            + " --filter \"label=com.docker.compose.service=$2\""
            + " --filter label=com.docker.compose.oneoff=False | head -n 1)"
            + " && { [ -n \"$id\" ] || { echo \"no container of $2\" >&2; exit 1; }; }"
            + " && docker logs --since \"$3\" --tail \"$4\" --follow=\"$5\" \"$id\"",
        project,
        service,
        since,
        String.valueOf(lines),
        String.valueOf(follow));
  }

  /** Makes the checkout. */
  public ShellCommand cloneFrom(String origin) {
    return quiet(ShellCommand.of("git", "clone", "--quiet", "--", origin, checkout));
  }

  private static ShellCommand quiet(ShellCommand git) {
    return git.withVariable("GIT_TERMINAL_PROMPT", "0")
        .withVariable("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
  }

  /** Succeeds when the state folder is there. */
  public ShellCommand hasState() {
    return ShellCommand.of("test", "-d", stateDirectory());
  }

  /**
   * Appends lines to an env file, which is made with mode 0600 where there is none; written beside,
   * then renamed. Its folder is made too.
   */
  public ShellCommand addVariables(String file, Secret lines) {
    return script(
            "umask 077 && mkdir -p \"$(dirname \"$1\")\" && touch \"$1\" && file=$(readlink -f \"$1\")"
                + " && cp -p \"$file\" \"$file.slipway\""
                + " && { [ -z \"$(tail -c 1 \"$file\")\" ] || echo >> \"$file.slipway\"; }"
                + " && cat >> \"$file.slipway\" && mv \"$file.slipway\" \"$file\"",
            ShellCommand.absolute(file))
        .reading(lines);
  }

  private static ShellCommand printed(String file) {
    return script("if [ -e \"$1\" ]; then cat \"$1\"; fi", ShellCommand.absolute(file));
  }

  private static String commit(String text) {
    if (!COMMIT.matcher(text).matches()) {
      throw new IllegalArgumentException("not the id of a commit: '" + text + "'");
    }
    return text;
  }

  private static String variable(String name) {
    if (!VARIABLE.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a variable: '" + name + "'");
    }
    return name;
  }

  private static ShellCommand in(String container, String... program) {
    return ShellCommand.of("docker", "exec").withOperands(container).with(program);
  }

  private ShellCommand git(String... arguments) {
    return ShellCommand.of("git", "-C", checkout).with(arguments);
  }

  private static ShellCommand script(String fixedText, String... arguments) {
    return ShellCommand.of("sh", "-c", fixedText, "slipway").with(arguments);
  }
}
