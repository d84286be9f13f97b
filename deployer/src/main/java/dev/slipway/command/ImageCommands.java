package dev.slipway.command;

import dev.slipway.Secret;
import java.util.List;

/** What is run on the server with images: how they come, what is there, and how they go. */
public record ImageCommands() {

  /** What {@link #pull(String, String, String, Secret)} exits with when the login is refused. */
  public static final int LOGIN_REFUSED = 77;

  /**
   * Begins a script with a login of its own, in memory: a reboot must not leave it on a disk, nor
   * may docker give it to the account's keyring, as it does with the first login of a
   * configuration. Which engine the account's own configuration names stays as it is.
   */
  private static final String OWN_LOGIN =
      "[ -n \"${DOCKER_HOST:-}\" ]"
          + " || ! grep -qs '\"currentContext\"' \"${DOCKER_CONFIG:-$HOME/.docker}/config.json\""
          + " || { DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}')"
          + " && export DOCKER_HOST || exit; };"
          + " DOCKER_CONFIG=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) && export DOCKER_CONFIG"
          + " && trap 'rm -rf \"$DOCKER_CONFIG\"' EXIT && trap 'exit 129' HUP INT TERM"
          + " && echo '{\"auths\":{\"slipway.invalid\":{}}}' >\"$DOCKER_CONFIG/config.json\"";

  /**
   * Asks the registry whether it knows the login, and leaves nothing of it behind.
   *
   * @param registry its name; empty for Docker Hub
   */
  public ShellCommand checkLogin(String registry, String user, Secret password) {
    return ShellCommand.script(
            OWN_LOGIN
                + " && docker login --username \"$1\" --password-stdin ${2:+\"$2\"} >/dev/null",
            user,
            registry(registry))
        .reading(password);
  }

  /** Pulls one image with what the server itself knows of the registry. */
  public ShellCommand pull(String pinned) {
    return ShellCommand.of("docker", "pull").withOperands(pinned);
  }

  /**
   * Pulls one image with a login that is made for it and ends with it, whatever becomes of who
   * asked; exits with {@link #LOGIN_REFUSED} when the registry does not take it.
   *
   * @param registry its name; empty for Docker Hub
   */
  public ShellCommand pull(String pinned, String registry, String user, Secret password) {
    return ShellCommand.script(
            OWN_LOGIN
                + " && { docker login --username \"$2\" --password-stdin ${3:+\"$3\"} >/dev/null || exit "
                + LOGIN_REFUSED
                + "; } && docker pull \"$1\"",
            ShellCommand.operand(pinned),
            user,
            registry(registry))
        .reading(password);
  }

  /**
   * Asks for an image that no registry has: what the engine answers tells whether it reaches the
   * registry.
   */
  public ShellCommand probe(String name) {
    return ShellCommand.of("timeout", "25", "docker", "pull", "--quiet")
        .withOperands(name + "@sha256:" + "0".repeat(64));
  }

  /** Prints what the engine knows of each of its images, as JSON, one line each. */
  public ShellCommand imageStore() {
    return ShellCommand.script(
        "ids=$(docker images --quiet --no-trunc | sort -u); [ -z \"$ids\" ]"
            + " || docker image inspect --format '{\"id\":{{json .Id}},\"tags\":{{json .RepoTags}},"
            + "\"digests\":{{json .RepoDigests}},\"layers\":{{json .RootFS.Layers}}}' $ids");
  }

  /** Prints the ids of the images of all containers, stopped ones and other projects' included. */
  public ShellCommand imagesInUse() {
    return ShellCommand.script(
        "ids=$(docker ps --all --quiet --no-trunc); [ -z \"$ids\" ]"
            + " || docker container inspect --format '{{.Image}}' $ids");
  }

  /**
   * Takes these names from an image, and with the last of them the image goes; never by force, so
   * that one which a container uses stays.
   */
  public ShellCommand removeImage(List<String> names) {
    return ShellCommand.script(
            "failed=0; for name; do docker image inspect \"$name\" >/dev/null 2>&1 || continue;"
                + " docker image rm \"$name\" >/dev/null || failed=1; done; exit $failed")
        .withOperands(names);
  }

  /** Gives an image another name. */
  public ShellCommand tag(String image, String name) {
    return ShellCommand.of("docker", "tag").withOperands(image, name);
  }

  private static String registry(String name) {
    return name.isEmpty() ? name : ShellCommand.operand(name);
  }
}
