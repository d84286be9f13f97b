package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.image.ImageLayer;
import dev.slipway.platform.Transfer;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides how a release's images come to the server, whether they fit, and which ones go. */
final class ImageSteps {

  /** How much room a compressed byte takes: itself while it arrives, and three once unpacked. */
  static final long ROOM_FACTOR = 4;

  private static final long MEGABYTE = 1_000_000;
  private static final String COMMIT_TAG = ".*:[0-9a-f]{40}";

  private final HostState state;
  private final ReleaseManifest release;
  private final ImageStore store;
  private final Map<String, ReleasedImage> missing;

  ImageSteps(HostState state, ReleaseManifest release) {
    this.state = state;
    this.release = release;
    this.store = state.store();
    this.missing = new TreeMap<>(release.images());
    this.missing.values().removeIf(image -> state.images().containsKey(image.pinned()));
  }

  /**
   * The steps that bring every image there under its name.
   *
   * @throws SlipwayException when one can come by no way, or when there is no room for them
   */
  List<Step> bring() {
    if (!missing.isEmpty()) {
      requireAWay();
      requireRoom();
    }
    List<Step> steps = new ArrayList<>();
    new TreeMap<>(release.images())
        .forEach((service, image) -> bring(service, image).ifPresent(steps::add));
    return steps;
  }

  private Optional<Step> bring(String service, ReleasedImage image) {
    Optional<String> present = Optional.ofNullable(state.images().get(image.pinned()));
    if (present.isEmpty()) {
      String cause = "not on the server" + amount(service);
      return Optional.of(
          throughSsh()
              .<Step>map(why -> new Step.SendImage(service, image, cause + "; " + why))
              .orElseGet(() -> new Step.PullImage(service, image, cause)));
    }
    return present.equals(Optional.ofNullable(state.images().get(image.tagged())))
        ? Optional.empty()
        : Optional.of(
            new Step.TagImage(service, present.get(), image, "on the server under another name"));
  }

  /** Why images go through SSH; empty when the server pulls them. */
  private Optional<String> throughSsh() {
    return switch (store.roads().transfer()) {
      case REGISTRY -> Optional.empty();
      case SSH -> Optional.of("as images.transfer says");
      case AUTO -> store.roads().closed();
    };
  }

  private void requireAWay() {
    ImageStore.Roads roads = store.roads();
    Optional<String> obstacle = throughSsh().isPresent() ? roads.source() : roads.closed();
    if (obstacle.isEmpty()) {
      return;
    }
    String images =
        missing.entrySet().stream()
            .map(image -> image.getKey() + " (" + image.getValue().pinned() + ")")
            .collect(Collectors.joining(", "));
    throw SlipwayException.refused(
        "Not on the server, and not to be had: the image of "
            + images
            + ". "
            + capital(roads.closed().map(why -> why + "; ").orElse(""))
            + (throughSsh().isPresent() ? obstacle.get() : "images.transfer is registry")
            + ".",
        roads.transfer() == Transfer.REGISTRY
            ? "Let the server reach the registry, or send images through SSH: `--transfer ssh`."
            : "Bring the registry back; `slipway history` lists releases whose images may be there.");
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private void requireRoom() {
    long need = room();
    if (store.freeBytes().isEmpty() || need <= store.freeBytes().getAsLong()) {
      return;
    }
    throw SlipwayException.refused(
        "The images do not fit on the server's disk: they need "
            + megabytes(need)
            + ", "
            + megabytes(store.freeBytes().getAsLong())
            + " are free.",
        "Make room: `docker image prune` and `docker builder prune` remove what nothing uses;"
            + " a smaller images.keep in slipway.yml keeps fewer releases.");
  }

  /** The layers that the server lacks, each once, by what they unpack to. */
  private Map<String, ImageLayer> lacking(Stream<List<ImageLayer>> images) {
    Set<String> there = store.layers();
    Map<String, ImageLayer> layers = new LinkedHashMap<>();
    images
        .flatMap(List::stream)
        .filter(layer -> !there.contains(layer.diffId()))
        .forEach(layer -> layers.put(layer.diffId(), layer));
    return layers;
  }

  private static long bytes(Map<String, ImageLayer> layers) {
    return layers.values().stream().mapToLong(ImageLayer::size).sum();
  }

  private long room() {
    return ROOM_FACTOR * bytes(lacking(store.wanted().values().stream()));
  }

  private String amount(String service) {
    List<ImageLayer> all = store.wanted().get(service);
    if (all == null) {
      return "";
    }
    Map<String, ImageLayer> lacking = lacking(Stream.of(all));
    return ": %d of %d layers, %s".formatted(lacking.size(), all.size(), megabytes(bytes(lacking)));
  }

  static String megabytes(long bytes) {
    return bytes < 10 * MEGABYTE
        ? bytes / (MEGABYTE / 10) / 10 + "." + bytes / (MEGABYTE / 10) % 10 + " MB"
        : bytes / MEGABYTE + " MB";
  }

  /** What a reader of the plan should know besides its steps. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!missing.isEmpty() && store.freeBytes().isPresent()) {
      String free = megabytes(store.freeBytes().getAsLong()) + " free on the server";
      Set<String> unknown = new TreeSet<>(missing.keySet());
      unknown.removeAll(store.wanted().keySet());
      notes.add(
          unknown.isEmpty()
              ? "Disk: the images need at most " + megabytes(room()) + ", " + free + "."
              : "Disk: "
                  + free
                  + "; how much is needed for "
                  + String.join(", ", unknown)
                  + " is not known until the registry tells.");
    }
    store
        .roads()
        .latest()
        .ifPresent(why -> notes.add("The tag :latest stays where it is: " + why + "."));
    return notes;
  }

  /** The step that removes what no release that is kept, and no container, needs. */
  Optional<Step> remove() {
    List<StoredImage> images = store.images().stream().filter(this::mayGo).toList();
    return images.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Step.RemoveImages(
                images,
                "neither of this release nor of the %d before it, and no container uses them"
                    .formatted(store.kept().size())));
  }

  private boolean mayGo(StoredImage image) {
    return !image.names().isEmpty()
        && !store.inUse().contains(image.id())
        && image.tags().stream().allMatch(tag -> ours(tag) && tag.matches(COMMIT_TAG))
        && image.digests().stream().allMatch(this::ours)
        && keptImages().noneMatch(image::is);
  }

  /** Whether Slipway gave the name: it has a release's repository, or is that of a part. */
  private boolean ours(String name) {
    String plain =
        name.contains("@") ? name.replaceFirst("@.*", "") : name.replaceFirst(":[^:]*$", "");
    boolean sent = plain.startsWith("127.0.0.1:");
    return (sent && path(plain).equals(Step.SendImage.PARTS))
        || keptImages()
            .map(ReleasedImage::name)
            .anyMatch(ours -> ours.equals(plain) || (sent && path(ours).equals(path(plain))));
  }

  /** A name without its registry. */
  private static String path(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  private Stream<ReleasedImage> keptImages() {
    return Stream.concat(Stream.of(release), store.kept().stream())
        .flatMap(kept -> kept.images().values().stream());
  }
}
