package dev.slipway.platform.compose;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a changed copy of a compose file differs in.
 *
 * @param images by service, the image that replaces its own; its {@code build} and {@code
 *     pull_policy} go, since that image is already there
 * @param isolated the services that run beside another copy of the platform: on free ports of the
 *     host, without fixed container name and restart policy; if there is any, fixed names of the
 *     project, its networks and its volumes go too, and networks and volumes that somebody else
 *     made become its own
 * @param mounts by service, what is mounted at a place of its container instead: a path of the
 *     host, to read alone, or a new volume of this name
 * @param labels put on every service, network and volume that compose creates
 */
public record ComposeRewrite(
    Map<String, String> images,
    Set<String> isolated,
    Map<String, Map<String, String>> mounts,
    Map<String, String> labels) {

  /** Copies. */
  public ComposeRewrite {
    images = Map.copyOf(images);
    isolated = Set.copyOf(isolated);
    mounts = Map.copyOf(mounts);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
