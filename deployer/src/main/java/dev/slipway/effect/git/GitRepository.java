package dev.slipway.effect.git;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.CommittedObjects;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The local repository that holds the platform. */
public final class GitRepository {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Shell shell;
  private final Path directory;
  private @Nullable String prefix;

  /** The repository that a folder belongs to. */
  public GitRepository(Shell shell, Path directory) {
    this.shell = shell;
    this.directory = directory;
  }

  /** The folder that this was made for. */
  public Path directory() {
    return directory;
  }

  /** The commit that is checked out. */
  public String head() {
    CommandResult result = git(List.of("rev-parse", "--verify", "--quiet", "HEAD"));
    if (result.standardError().contains("safe.directory")) {
      throw SlipwayException.refused(
          "Git does not read the repository of "
              + directory
              + ": "
              + result.standardError().lines().findFirst().orElseThrow(),
          "If you trust it, run `" + result.tail(1).strip() + "`.");
    }
    if (!result.succeeded()) {
      throw SlipwayException.refused(
          directory + " is not inside a git repository with a commit.",
          "Slipway judges and ships commits: run `git init` and commit the platform.");
    }
    return result.standardOutput().strip();
  }

  /** The id of a commit by any name of it, such as a branch or a tag; empty where none has it. */
  public Optional<String> commit(String named) {
    CommandResult result =
        git(List.of("rev-parse", "--verify", "--quiet", revision(named) + "^{commit}"));
    return result.succeeded() ? Optional.of(result.standardOutput().strip()) : Optional.empty();
  }

  /** The folder inside the repository, empty or ending with a slash. */
  public String prefix() {
    String known = prefix;
    if (known == null) {
      known = read("rev-parse", "--show-prefix");
      prefix = known;
    }
    return known;
  }

  /**
   * Changed or untracked files below the folder, as git prints them; ignored files do not count.
   */
  public List<String> changes() {
    return changes(".");
  }

  /** The same of one file or folder below. */
  public List<String> changes(String path) {
    return readWith(ShellCommand.of("git", "status", "--porcelain", "--", path))
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  /**
   * The last commit up to {@code commit} that changed something below {@code path} of the folder.
   */
  public Optional<String> lastChange(String commit, String path) {
    String found = read("log", "-1", "--format=%H", revision(commit), "--", path);
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  /** The first parent of a commit. */
  public Optional<String> parent(String commit) {
    CommandResult result =
        git(List.of("rev-parse", "--verify", "--quiet", revision(commit) + "^1"));
    return result.succeeded() ? Optional.of(result.standardOutput().strip()) : Optional.empty();
  }

  /** A file below the folder as a commit has it. */
  public Optional<String> show(String commit, String path) {
    CommandResult result = git(List.of("show", revision(commit) + ":./" + path));
    return result.succeeded() ? Optional.of(result.standardOutput()) : Optional.empty();
  }

  /**
   * What a commit has at these paths of the repository, counted from its root; see {@link
   * CommittedObjects}. Empty when the commit is not here.
   */
  public Optional<String> objects(String commit, Collection<String> paths) {
    CommandResult result =
        shell.run(CommittedObjects.at(revision(commit), paths).in(directory.toString()), DEADLINE);
    return result.succeeded() ? Optional.of(result.standardOutput()) : Optional.empty();
  }

  /** Every file below the folder as a commit has it. */
  public List<String> files(String commit) {
    return read(
            "-c",
            "core.quotePath=false",
            "ls-tree",
            "-r",
            "--name-only",
            revision(commit),
            "--",
            ".")
        .lines()
        .toList();
  }

  /** The files below the folder that a commit has otherwise than an older one, or newly. */
  public Set<String> changedSince(String older, String commit) {
    return differing(older, commit, "--diff-filter=d");
  }

  /**
   * The files below the folder that a commit has and an older one has not, under any name, or has
   * with another line of a kind.
   *
   * @param line a regular expression for that line
   */
  public Set<String> addedSince(String older, String commit, String line) {
    Set<String> added = differing(older, commit, "--diff-filter=A");
    added.addAll(differing(older, commit, "--diff-filter=MR", "-G" + line));
    return added;
  }

  /**
   * The lines of a kind in files below the folder, by file, as a commit has them.
   *
   * @param line an extended regular expression for them
   * @param files a pattern for the files, such as {@code *.py}
   */
  public Map<String, List<String>> lines(String commit, String line, String files) {
    List<String> words = new ArrayList<>(List.of("-c", "grep.fullName=false", "grep"));
    words.addAll(List.of("--null", "-I", "--no-color", "--no-line-number", "--no-column"));
    words.addAll(List.of("--extended-regexp", "-e", line, revision(commit), "--", files));
    Map<String, List<String>> found = new TreeMap<>();
    git(words)
        .standardOutput()
        .lines()
        .map(hit -> hit.substring(commit.length() + 1).split("\0", 2))
        .forEach(hit -> found.computeIfAbsent(hit[0], file -> new ArrayList<>()).add(hit[1]));
    return found;
  }

  private Set<String> differing(String older, String commit, String... filter) {
    List<String> words =
        new ArrayList<>(List.of("-c", "core.quotePath=false", "diff", "--name-only", "--relative"));
    words.add("--find-renames");
    words.addAll(List.of(filter));
    words.addAll(List.of(revision(older), revision(commit), "--", "."));
    return new TreeSet<>(read(words.toArray(String[]::new)).lines().toList());
  }

  /** The address that the repository was cloned from, without credentials. */
  public Optional<String> origin() {
    CommandResult result = git(List.of("config", "--get", "remote.origin.url"));
    return result.succeeded()
        ? Optional.of(result.standardOutput().strip().replaceFirst("://[^/]*@", "://"))
        : Optional.empty();
  }

  /**
   * A commit of exactly what lies in the folder, uncommitted changes included; no branch, index or
   * file of the repository is touched.
   *
   * @param index a file for a temporary index
   */
  public String snapshot(Path index) {
    String head = head();
    String tree =
        writeTree(index, List.of(List.of("read-tree", head), List.of("add", "--all", "--", ".")));
    return readWith(
            ShellCommand.of(
                "git",
                "-c",
                "user.name=slipway",
                "-c",
                "user.email=slipway@localhost",
                "commit-tree",
                tree,
                "-p",
                head,
                "-m",
                "Uncommitted changes"))
        .strip();
  }

  private String writeTree(Path index, List<List<String>> steps) {
    for (List<String> step : steps) {
      readWith(
          ShellCommand.of("git")
              .with(step)
              .withVariable("GIT_INDEX_FILE", index.toAbsolutePath().toString()));
    }
    return readWith(
            ShellCommand.of("git", "write-tree")
                .withVariable("GIT_INDEX_FILE", index.toAbsolutePath().toString()))
        .strip();
  }

  /**
   * Writes the folder as a commit has it into another one, which is there and empty.
   *
   * @throws SlipwayException REFUSED where git-lfs would be needed to have the files
   */
  public void export(String commit, Path target) {
    new Export(read("rev-parse", "--absolute-git-dir"), this::readWith)
        .write(revision(commit), prefix(), target);
  }

  /** Sends a commit to a branch of another repository. */
  public void push(String url, String commit, String branch) {
    readWith(
        ShellCommand.of(
            "git",
            "push",
            "--quiet",
            "--force",
            "--",
            url,
            revision(commit) + ":refs/heads/" + branch));
  }

  /** Git takes what starts with a dash for an option, such as diff's that writes a file. */
  private static String revision(String named) {
    if (named.isEmpty() || named.startsWith("-")) {
      throw SlipwayException.refused(
          "'" + named + "' names no commit.", "Name a commit by its id, a branch or a tag.");
    }
    return named;
  }

  private String read(String... arguments) {
    return readWith(ShellCommand.of("git").with(arguments)).strip();
  }

  private String readWith(ShellCommand command) {
    CommandResult result = shell.run(command.in(directory.toString()), DEADLINE);
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          command + " failed in " + directory + ": " + result.tail(5) + ".",
          "Run the command by hand in that folder.");
    }
    return result.standardOutput();
  }

  /** Whether git leaves a path below the folder out, there or not. */
  public boolean ignores(String path) {
    return git(List.of("check-ignore", "--quiet", "--", path)).succeeded();
  }

  private CommandResult git(List<String> arguments) {
    return shell.run(ShellCommand.of("git").with(arguments).in(directory.toString()), DEADLINE);
  }
}
