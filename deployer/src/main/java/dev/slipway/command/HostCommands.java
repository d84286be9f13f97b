package dev.slipway.command;

import dev.slipway.Secret;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is run on the server besides compose: git, docker and a few files under {@code .slipway} in
 * the checkout.
 *
 * @param checkout the root of the git checkout on the server
 */
public record HostCommands(String checkout) {

  private static final String SCHEMA_REVISION =
      "psql -X -A -t -U \"${POSTGRES_USER:-postgres}\" -d"
          + " \"${POSTGRES_DB:-${POSTGRES_USER:-postgres}}\" -c 'select version_num from"
          + " alembic_version'";

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern ONE_LINE = Pattern.compile("[^\\r\\n]*");

  /** Validates. */
  public HostCommands {
    absolute(checkout);
  }

  /** Where Slipway keeps its ledger and lock on the server; git is told to leave it alone. */
  public String stateDirectory() {
    return checkout + "/.slipway";
  }

  /** The append-only ledger. */
  public String ledgerFile() {
    return stateDirectory() + "/ledger.jsonl";
  }

  private String loginDirectory() {
    return stateDirectory() + "/login";
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
   * second line.
   */
  public ShellCommand freeSpace() {
    return script(
        "df -Pk \"$(docker info --format '{{.DockerRootDir}}')\" 2>/dev/null || df -Pk /");
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
   * Logs in for {@link #pull} alone, with a configuration of its own that {@link #logout} removes.
   */
  public ShellCommand login(String registry, String user, Secret password) {
    return ShellCommand.of("docker", "login", "--username", user, "--password-stdin")
        .withOperands(registry)
        .withVariable("DOCKER_CONFIG", loginDirectory())
        .reading(password);
  }

  /** Asks the registry whether it knows the login, and leaves nothing of it behind. */
  public ShellCommand checkLogin(String registry, String user, Secret password) {
    return script(
            "DOCKER_CONFIG=$(mktemp -d) && export DOCKER_CONFIG && trap 'rm -rf \"$DOCKER_CONFIG\"'"
                + " EXIT && docker login --username \"$1\" --password-stdin \"$2\" >/dev/null",
            user,
            ShellCommand.operand(registry))
        .reading(password);
  }

  /** Removes what {@link #login} left. */
  public ShellCommand logout() {
    return ShellCommand.of("rm", "-rf", loginDirectory());
  }

  /** Pulls one image; {@code loggedIn} says whether {@link #login} came before. */
  public ShellCommand pull(String pinned, boolean loggedIn) {
    ShellCommand pull = ShellCommand.of("docker", "pull", "--quiet").withOperands(pinned);
    return loggedIn ? pull.withVariable("DOCKER_CONFIG", loginDirectory()) : pull;
  }

  /** Gives an image another name. */
  public ShellCommand tag(String image, String name) {
    return ShellCommand.of("docker", "tag").withOperands(image, name);
  }

  /** Removes a container that has ended; fails when it runs or is not there. */
  public ShellCommand removeEnded(String container) {
    return ShellCommand.of("docker", "rm").withOperands(container);
  }

  /** Ends and removes a container. */
  public ShellCommand remove(String container) {
    return ShellCommand.of("docker", "rm", "--force").withOperands(container);
  }

  /** Prints the ids of a project's containers, stopped ones included, one-off ones left out. */
  public ShellCommand containers(String project) {
    return ShellCommand.of(
        "docker",
        "ps",
        "--all",
        "--quiet",
        "--no-trunc",
        "--filter",
        "label=com.docker.compose.project=" + project,
        "--filter",
        "label=com.docker.compose.oneoff=False");
  }

  /**
   * Prints what the engine knows of containers or images, as one JSON list; fails when one is
   * missing.
   */
  public ShellCommand inspect(String type, List<String> names) {
    return ShellCommand.of("docker", "inspect", "--type", type).withOperands(names);
  }

  /** Prints what the database's version table says, by the database container's own credentials. */
  public ShellCommand schemaRevision(String postgresContainer) {
    return ShellCommand.of("docker", "exec")
        .withOperands(postgresContainer)
        .with("sh", "-c", SCHEMA_REVISION);
  }

  /** Prints the names, never the values, of the keys in an env file. */
  public ShellCommand variableNames(String file) {
    return ShellCommand.of(
        "sed", "-n", "s/^[[:space:]]*\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p", absolute(file));
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
        "umask 077 && mkdir -p \"$1\" && cd \"$2\" && exclude=$(git rev-parse --git-path"
            + " info/exclude) && mkdir -p \"$(dirname \"$exclude\")\" && touch \"$exclude\" && {"
            + " grep -qx '/.slipway/' \"$exclude\" || echo '/.slipway/' >> \"$exclude\"; } && {"
            + " test -w \"$1\" || { echo \"no right to write to $1\" >&2; exit 1; }; }",
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

  /** Appends one line to the ledger. */
  public ShellCommand appendLedger(String line) {
    return script("cat >> \"$1\"", ledgerFile())
        .reading(Secret.of(required(ONE_LINE, line, "one line") + "\n"));
  }

  /**
   * Sets one key of an env file, keeping every other line, the mode and the owner; written beside,
   * then renamed, so that nobody reads half a file. A value of more than one line is refused: the
   * second would set another key.
   */
  public ShellCommand setVariable(String file, String name, String value) {
    return script(
        "umask 077 && touch \"$1\" && file=$(readlink -f \"$1\") && cp -p \"$file\""
            + " \"$file.slipway\" && { grep -v \"^$2=\" \"$file\"; printf '%s=%s\\n"
            + "' \"$2\" \"$3\"; } > \"$file.slipway\" && mv \"$file.slipway\" \"$file\"",
        absolute(file),
        required(VARIABLE, name, "the name of a variable"),
        required(ONE_LINE, value, "one line"));
  }

  private static ShellCommand printed(String file) {
    return script("if [ -e \"$1\" ]; then cat \"$1\"; fi", absolute(file));
  }

  private static String commit(String text) {
    return required(COMMIT, text, "the id of a commit");
  }

  private static String absolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: '" + path + "'");
    }
    return path;
  }

  private static String required(Pattern pattern, String text, String what) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("not " + what + ": '" + text + "'");
    }
    return text;
  }

  private ShellCommand git(String... arguments) {
    return ShellCommand.of("git", "-C", checkout).with(arguments);
  }

  private static ShellCommand script(String fixedText, String... arguments) {
    return ShellCommand.of("sh", "-c", fixedText, "slipway").with(arguments);
  }
}
