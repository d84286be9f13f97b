package dev.slipway.effect.docker;

import dev.slipway.Secret;

/**
 * Who Slipway is to a registry.
 *
 * @param registry its host and port, such as {@code registry.example:5000}; empty for Docker Hub
 * @param user the user
 * @param password the password or token
 * @param variable the variable that the password came from
 */
public record RegistryLogin(String registry, String user, Secret password, String variable) {

  /** Its name, for people. */
  public String name() {
    return registry.isEmpty() ? "docker.io" : registry;
  }
}
