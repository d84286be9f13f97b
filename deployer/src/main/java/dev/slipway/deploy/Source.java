package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.GitRepository;
import java.util.Collection;
import java.util.Optional;

/** The repository's side of a deployment: the compose file as each commit has it. */
public final class Source {

  private final GitRepository repository;
  private final String composeFile;

  /** The source of a platform whose compose file has this name. */
  public Source(GitRepository repository, String composeFile) {
    this.repository = repository;
    this.composeFile = composeFile;
  }

  /** The platform's folder inside the repository, empty or ending with a slash. */
  public String folder() {
    return repository.prefix();
  }

  /** The platform's folder on this machine. */
  String directory() {
    return repository.directory().toString();
  }

  /** The compose file's path inside the repository. */
  String composePath() {
    return folder() + composeFile;
  }

  /**
   * What a commit has at these paths, counted from the repository's root; see {@link
   * GitRepository#objects}.
   */
  Optional<String> objects(String commit, Collection<String> paths) {
    return repository.objects(commit, paths);
  }

  /** The text of the compose file at a commit. */
  String composeFile(String commit) {
    return repository
        .show(commit, composeFile)
        .orElseThrow(
            () ->
                SlipwayException.refused(
                    "Commit " + commit + " has no " + composePath() + " in this repository.",
                    "Fetch the whole history (GIT_DEPTH: 0 in GitLab) and deploy again."));
  }
}
