package dev.slipway.command;

import java.util.Collection;
import java.util.regex.Pattern;

/**
 * What is run on the server with its git checkout.
 *
 * @param checkout its root
 */
public record CheckoutCommands(String checkout) {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");

  /** Validates. */
  public CheckoutCommands {
    ShellCommand.absolute(checkout);
  }

  /** Prints the commit that the checkout stands at. */
  public ShellCommand head() {
    return git("rev-parse", "--verify", "HEAD");
  }

  /**
   * Prints the commits that the checkout stood at then, one a line, as far as its reflog reaches.
   *
   * @param moments such as {@code 2026-11-27T22:55:55Z}
   * @see <a href="https://git-scm.com/docs/gitrevisions">gitrevisions, @{date}</a>
   */
  public ShellCommand headAt(Collection<String> moments) {
    return git("rev-parse")
        .withOperands(
            moments.stream().map(moment -> "HEAD@{" + ShellCommand.oneLine(moment) + "}").toList());
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

  /** Prints what a commit has at these paths of the repository; see {@link CommittedObjects}. */
  public ShellCommand objects(String commit, Collection<String> paths) {
    return CommittedObjects.at(commit, paths).in(checkout);
  }

  /**
   * Prints {@code checkout}, {@code untrusted}, {@code free}, {@code forbidden} or {@code taken}:
   * what stands where the checkout is to be, and whether this user may make one there.
   */
  public ShellCommand place() {
    return ShellCommand.script(
        "place=$1; if said=$(git -C \"$place\" rev-parse --verify --quiet HEAD 2>&1); then echo checkout; exit; fi"
            + "; case $said in *safe.directory*) echo untrusted; exit ;; esac"
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

  /**
   * Prints up to three of the folders and files that a deployment changes and this user may not:
   * those that git writes to, and an env file with its folder.
   */
  public ShellCommand notWritable(String environmentFile) {
    return ShellCommand.script(
        "cd \"$1\" && git=$(git rev-parse --git-dir) || exit; env=$(readlink -f \"$2\");"
            + " { echo .; git ls-tree -r -d -z --name-only HEAD | tr '\\0' '\\n'; find \"$git\" -type d;"
            + " find \"$git/logs\" \"$git/FETCH_HEAD\" -type f; dirname \"$env\"; echo \"$env\"; } 2>/dev/null"
            + " | while IFS= read -r each; do [ ! -e \"$each\" ] || [ -w \"$each\" ] || printf '%s\\n' \"$each\"; done"
            + " | head -n 3",
        checkout, ShellCommand.absolute(environmentFile));
  }

  /** Makes the checkout. */
  public ShellCommand cloneFrom(String origin) {
    return quiet(ShellCommand.of("git", "clone", "--quiet", "--", origin, checkout));
  }

  /** What ssh could ask it asks of nobody, since there is no terminal. */
  private static ShellCommand quiet(ShellCommand git) {
    return git.withVariable("GIT_TERMINAL_PROMPT", "0");
  }

  static String commit(String text) {
    if (!COMMIT.matcher(text).matches()) {
      throw new IllegalArgumentException("not the id of a commit: '" + text + "'");
    }
    return text;
  }

  private ShellCommand git(String... arguments) {
    return ShellCommand.of("git", "-C", checkout).with(arguments);
  }
}
