package dev.slipway.plan;

import dev.slipway.platform.BackupSettings;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One change that a deployment makes, and why it is needed. */
public sealed interface Step {

  /** Why this step is needed. */
  String cause();

  /** What it does, as one phrase. */
  String what();

  /** Hands itself to the visitor's method for its kind. */
  void accept(Visitor visitor);

  /** Brings the commit's objects into the server's repository. */
  record FetchCommit(String commit, String cause) implements Step {
    @Override
    public String what() {
      return "fetch commit " + ReleaseManifest.brief(commit);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.fetchCommit(this);
    }
  }

  /** Pulls one image by digest and gives it the tag that the compose file names. */
  record PullImage(String service, ReleasedImage image, String cause) implements Step {
    @Override
    public String what() {
      return "pull "
          + service
          + " "
          + image.digest().map(known -> image.pinned()).orElse(image.tagged());
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.pullImage(this);
    }
  }

  /**
   * Sends one image through the SSH connection and gives it the tag that the compose file names.
   */
  record SendImage(String service, ReleasedImage image, String cause) implements Step {

    /** The repository of the parts in which a large image arrives. */
    public static final String PARTS = "slipway/part";

    @Override
    public String what() {
      return "send "
          + service
          + " "
          + image.digest().map(known -> image.pinned()).orElse(image.tagged())
          + " through SSH";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.sendImage(this);
    }
  }

  /** Gives an image that is on the server, by its id there, the tag that the compose file names. */
  record TagImage(String service, String id, ReleasedImage image, String cause) implements Step {
    @Override
    public String what() {
      return "tag " + service + " as " + image.tagged();
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.tagImage(this);
    }
  }

  /** Pulls the images of services that Slipway does not build. */
  record PullServices(List<String> services, String cause) implements Step {
    @Override
    public String what() {
      return "pull the images of " + String.join(", ", services);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.pullServices(this);
    }
  }

  /** Moves the server's checkout to the commit. */
  record Checkout(String commit, String cause) implements Step {
    @Override
    public String what() {
      return "check out " + ReleaseManifest.brief(commit);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.checkout(this);
    }
  }

  /** Starts services that have no container or whose container has ended, and runs jobs. */
  record StartServices(List<String> services, String cause) implements Step {
    @Override
    public String what() {
      return "start " + String.join(", ", services);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.startServices(this);
    }
  }

  /**
   * Copies the database to a file on the server and proves the copy, before the schema moves.
   *
   * @param release the commit that the database has served until now
   * @param revision the schema revision it is at, as far as that is known
   * @param mode how the copy is proved
   */
  record BackUp(String release, Optional<String> revision, BackupSettings.Mode mode, String cause)
      implements Step {

    /** The same at a revision that was found since, if any. */
    public BackUp at(Optional<String> found) {
      return new BackUp(release, found, mode, cause);
    }

    @Override
    public String what() {
      return "back up the database and "
          + (mode == BackupSettings.Mode.RESTORE ? "restore the copy" : "read the copy through")
          + " to prove it";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.backUp(this);
    }
  }

  /**
   * Runs the migrations in the new image, before anything is swapped.
   *
   * @param from the revision that the schema is at, as far as that is known
   */
  record Migrate(Optional<String> from, String to, String cause) implements Step {
    @Override
    public String what() {
      return "migrate the schema "
          + from.map(revision -> "from " + revision + " ").orElse("")
          + "to "
          + to;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.migrate(this);
    }
  }

  /**
   * Replaces the containers of the services that changed; from here on the new version can serve.
   *
   * @param unseen those of them in which compose sees no change: it lies in files, configs or
   *     secrets
   */
  record UpdateServices(List<String> services, Set<String> unseen, String cause) implements Step {
    /** Copies. */
    public UpdateServices {
      unseen = Set.copyOf(unseen);
      services = List.copyOf(services);
    }

    @Override
    public String what() {
      return "update " + String.join(", ", services);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.updateServices(this);
    }
  }

  /**
   * Starts new containers beside those that serve, and lets them take over once they are well; no
   * request is lost on the way. The old ones stay, to go back to, until {@link RetireServices}.
   */
  record SwapServices(List<String> services, String cause) implements Step {
    /** Copies. */
    public SwapServices {
      services = List.copyOf(services);
    }

    @Override
    public String what() {
      return "swap " + String.join(", ", services) + " beside the running containers";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.swapServices(this);
    }
  }

  /**
   * Lets the old containers of swapped services finish what they have begun, and removes them; from
   * here on nothing goes back to them.
   */
  record RetireServices(List<String> services, String cause) implements Step {
    /** Copies. */
    public RetireServices {
      services = List.copyOf(services);
    }

    @Override
    public String what() {
      return "let the old " + String.join(", ", services) + " finish and go";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.retireServices(this);
    }
  }

  /** Stops and removes containers of services that the release does not have. */
  record RemoveServices(List<String> services, List<String> containers, String cause)
      implements Step {
    /** Copies. */
    public RemoveServices {
      services = List.copyOf(services);
      containers = List.copyOf(containers);
    }

    @Override
    public String what() {
      return "remove " + String.join(", ", services);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.removeServices(this);
    }
  }

  /** Replaces the container that has the published port, as fast as that can be done. */
  record ReplaceEdge(String service, String cause) implements Step {
    @Override
    public String what() {
      return "replace " + service + ", which is tried first";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.replaceEdge(this);
    }
  }

  /** Brings a swap that was cut off to one of its two ends. */
  record FinishSwap(String cause) implements Step {
    @Override
    public String what() {
      return "tidy up after a swap that did not come to its end";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.finishSwap(this);
    }
  }

  /** Asks the edge until the release answers, or the budget ends. */
  record PassGate(Optional<String> version, String cause) implements Step {
    @Override
    public String what() {
      return "wait until the edge answers healthy"
          + version.map(value -> " with version " + ReleaseManifest.brief(value)).orElse("");
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.passGate(this);
    }
  }

  /** Writes the compose file's variables into the server's {@code .env}. */
  record RecordVariables(Map<String, String> variables, String cause) implements Step {
    @Override
    public String what() {
      return "record "
          + String.join(", ", variables.keySet().stream().sorted().toList())
          + " in .env";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.recordVariables(this);
    }
  }

  /** Points the registry's {@code latest} tags at this release. */
  record MoveLatest(String commit, String cause) implements Step {
    @Override
    public String what() {
      return "move the registry's :latest to " + ReleaseManifest.brief(commit);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.moveLatest(this);
    }
  }

  /** Removes images that no release needs that is kept; never by force. */
  record RemoveImages(List<StoredImage> images, String cause) implements Step {
    /** Copies. */
    public RemoveImages {
      images = List.copyOf(images);
    }

    @Override
    public String what() {
      return "remove "
          + String.join(", ", images.stream().map(image -> image.names().get(0)).toList());
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.removeImages(this);
    }
  }

  /** One method for each kind of step, so that the compiler misses none. */
  interface Visitor {
    /** Takes a {@link FetchCommit}. */
    void fetchCommit(FetchCommit step);

    /** Takes a {@link PullImage}. */
    void pullImage(PullImage step);

    /** Takes a {@link SendImage}. */
    void sendImage(SendImage step);

    /** Takes a {@link TagImage}. */
    void tagImage(TagImage step);

    /** Takes a {@link PullServices}. */
    void pullServices(PullServices step);

    /** Takes a {@link Checkout}. */
    void checkout(Checkout step);

    /** Takes a {@link StartServices}. */
    void startServices(StartServices step);

    /** Takes a {@link BackUp}. */
    void backUp(BackUp step);

    /** Takes a {@link Migrate}. */
    void migrate(Migrate step);

    /** Takes a {@link UpdateServices}. */
    void updateServices(UpdateServices step);

    /** Takes a {@link SwapServices}. */
    void swapServices(SwapServices step);

    /** Takes a {@link RetireServices}. */
    void retireServices(RetireServices step);

    /** Takes a {@link RemoveServices}. */
    void removeServices(RemoveServices step);

    /** Takes a {@link ReplaceEdge}. */
    void replaceEdge(ReplaceEdge step);

    /** Takes a {@link FinishSwap}. */
    void finishSwap(FinishSwap step);

    /** Takes a {@link PassGate}. */
    void passGate(PassGate step);

    /** Takes a {@link RecordVariables}. */
    void recordVariables(RecordVariables step);

    /** Takes a {@link MoveLatest}. */
    void moveLatest(MoveLatest step);

    /** Takes a {@link RemoveImages}. */
    void removeImages(RemoveImages step);
  }
}
