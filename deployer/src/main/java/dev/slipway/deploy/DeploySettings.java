package dev.slipway.deploy;

import dev.slipway.deploy.images.ImageSource;
import dev.slipway.effect.docker.RegistryLogin;
import java.net.URI;
import java.util.Optional;

/**
 * What a deployment is told from outside.
 *
 * @param login who the server is to the registry; absent when the server has its own login
 * @param healthUrl the platform's public health address; absent when only the server is asked
 * @param images where this machine has the images; absent when the server pulls them by itself
 * @param rehearsal whether nothing is really deployed: the team's local hooks are left out
 */
public record DeploySettings(
    Optional<RegistryLogin> login,
    Optional<URI> healthUrl,
    Optional<ImageSource> images,
    boolean rehearsal) {}
