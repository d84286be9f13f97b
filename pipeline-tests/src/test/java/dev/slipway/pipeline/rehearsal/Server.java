package dev.slipway.pipeline.rehearsal;

/**
 * What kind of server a rig stands in for.
 *
 * @param variant its generation: {@code bookworm} with compose v1, {@code trixie} with compose v2
 * @param user who deploys there: {@code deploy}, {@code root} or {@code sudoer}
 */
record Server(String variant, String user) {

  /** The one that every run rehearses on, unless {@code target.variant} names another. */
  static Server usual() {
    return new Server(System.getProperty("target.variant", "bookworm"), "deploy");
  }
}
