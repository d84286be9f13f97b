package dev.slipway.platform.compose;

import dev.slipway.image.ImageReference;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A service of a compose file, after interpolation.
 *
 * @param name its name in the compose file
 * @param line where it starts, counted from 1
 * @param imageTemplate its image as written, with variables
 * @param image its image; empty when it has none, or when one of the variables in it is not set
 * @param build whether compose would build it
 * @param ports what it publishes on the host
 * @param expose the ports it opens to other services, as it says itself
 * @param healthcheck whether it has a health check that is not disabled
 * @param startPeriod how long a failing health check says nothing yet
 * @param dependsOn the services it waits for
 * @param joins the services whose network, processes or shared memory its container joins
 * @param environment its variables, those of its env files included; without a value: taken from
 *     compose's own environment
 * @param unseenFiles its env files that are not committed
 * @param command the words of its command, in place of its image's
 * @param entrypoint the words of its entry point, in place of its image's entry point and command
 * @param containerName the fixed name of its container
 * @param user the user it runs as
 * @param workingDirectory the folder it runs in, in place of its image's
 * @param restart its restart policy
 * @param volumes what is mounted into it
 * @param networks the networks that it is on, by their names in the file
 * @param profiles the profiles it belongs to; empty: always started
 * @param scale how many containers of it compose starts
 * @param alone the key because of which one more container of it cannot stand beside the others
 */
public record ServiceSpec(
    String name,
    int line,
    Optional<String> imageTemplate,
    Optional<ImageReference> image,
    boolean build,
    List<PortMapping> ports,
    List<Integer> expose,
    boolean healthcheck,
    Optional<Duration> startPeriod,
    Map<String, Dependency> dependsOn,
    Set<String> joins,
    Map<String, Optional<String>> environment,
    List<String> unseenFiles,
    Optional<List<String>> command,
    Optional<List<String>> entrypoint,
    Optional<String> containerName,
    Optional<String> user,
    Optional<String> workingDirectory,
    Optional<String> restart,
    List<VolumeMount> volumes,
    List<String> networks,
    List<String> profiles,
    int scale,
    Optional<String> alone) {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._][a-zA-Z0-9._-]*");

  /** As uvicorn, gunicorn, hypercorn, granian and redis-server have it. */
  private static final Pattern PORT_OPTION =
      Pattern.compile("(?<!\\S)(?:--port[= ]|(?:--bind|-b)[= ]\\S*:)(\\d{2,5})(?!\\S)");

  /** Copies. */
  public ServiceSpec {
    ports = List.copyOf(ports);
    expose = List.copyOf(expose);
    dependsOn = Collections.unmodifiableMap(new LinkedHashMap<>(dependsOn));
    joins = Collections.unmodifiableSet(new LinkedHashSet<>(joins));
    command = command.map(List::copyOf);
    entrypoint = entrypoint.map(List::copyOf);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    unseenFiles = List.copyOf(unseenFiles);
    volumes = List.copyOf(volumes);
    networks = List.copyOf(networks);
    profiles = List.copyOf(profiles);
  }

  /** The services that compose has to bring before it. */
  public Set<String> needs() {
    Set<String> needs = new LinkedHashSet<>(dependsOn.keySet());
    needs.addAll(joins);
    return needs;
  }

  /** Whether compose starts it without being asked for it by name or profile. */
  public boolean isAlwaysStarted() {
    return profiles.isEmpty() && scale > 0;
  }

  /**
   * Whether a service may have this name: as the compose specification has it, and besides, so that
   * no command takes it for an option.
   */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The variables that stand in the name of its image. */
  public Set<String> imageVariables() {
    return imageTemplate.stream()
        .flatMap(name -> Template.parse(name).references().stream())
        .map(Template.Reference::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The ports it is known to listen on within its container: those it publishes, those it opens and
   * the one that its command names, in this order.
   */
  public List<Integer> containerPorts() {
    return Stream.of(
            ports.stream().map(PortMapping::target), expose.stream(), commandPort().stream())
        .flatMap(stream -> stream)
        .distinct()
        .toList();
  }

  private Optional<Integer> commandPort() {
    String line =
        Stream.of(entrypoint, command)
            .flatMap(words -> words.stream().flatMap(List::stream))
            .collect(Collectors.joining(" "));
    return PORT_OPTION
        .matcher(line)
        .results()
        .map(found -> Integer.valueOf(found.group(1)))
        .findFirst();
  }
}
