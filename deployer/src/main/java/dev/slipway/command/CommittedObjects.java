package dev.slipway.command;

import java.util.Collection;
import java.util.List;

/** What a commit has at certain paths of a repository. */
public final class CommittedObjects {

  private CommittedObjects() {}

  /**
   * Prints it: the same text, where two commits have the same there, be it through symbolic links
   * within the repository. Fails where the repository does not have the commit.
   *
   * @param paths counted from its root
   * @see <a href="https://git-scm.com/docs/git-cat-file">git cat-file, --follow-symlinks</a>
   */
  public static ShellCommand at(String commit, Collection<String> paths) {
    return ShellCommand.script(
            "commit=$1; shift; git ls-tree --full-tree -z \"$commit\" -- \"$@\" || exit"
                + "; for path; do printf '%s\\n' \"$commit:$path\"; done"
                + " | git cat-file --batch-check='%(objectname)' --follow-symlinks"
                + " | sed \"s/^$commit://\"",
            CheckoutCommands.commit(commit))
        .withOperands(List.copyOf(paths));
  }
}
