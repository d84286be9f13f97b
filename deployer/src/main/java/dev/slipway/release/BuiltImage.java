package dev.slipway.release;

/**
 * An image as it was built and tested.
 *
 * @param id the engine's image id
 * @param version what the service must say that it is: the last commit that changed its sources
 */
public record BuiltImage(String id, String version) {}
