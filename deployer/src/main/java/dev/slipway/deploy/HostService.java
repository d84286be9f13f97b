package dev.slipway.deploy;

/**
 * A service's container that can be stopped and started again.
 *
 * @param name the service's name
 * @param container the container's id
 */
record HostService(String name, String container) {}
