package dev.slipway.effect.git;

import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformFile;
import dev.slipway.platform.PlatformSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A platform as a commit has it. */
public final class CommittedPlatform implements PlatformSource {

  private final GitRepository repository;
  private final String commit;
  private final List<String> files;

  private CommittedPlatform(GitRepository repository, String commit) {
    this.repository = repository;
    this.commit = commit;
    this.files = repository.files(commit);
  }

  /** Reads a platform, or refuses it with every problem found. */
  public static Platform read(
      GitRepository repository, String commit, Map<String, String> variables) {
    return PlatformFile.parse(new CommittedPlatform(repository, commit), variables);
  }

  @Override
  public Optional<String> text(String path) {
    return files.contains(path) ? repository.show(commit, path) : Optional.empty();
  }

  @Override
  public boolean exists(String path) {
    return files.stream().anyMatch(file -> file.equals(path) || file.startsWith(path + "/"));
  }
}
