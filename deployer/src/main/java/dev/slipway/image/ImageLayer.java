package dev.slipway.image;

/**
 * One layer of an image in a registry.
 *
 * @param digest the registry's name for its compressed bytes, such as {@code sha256:…}
 * @param diffId the engine's name for what they unpack to
 * @param size how many bytes are transferred
 */
public record ImageLayer(String digest, String diffId, long size) {}
