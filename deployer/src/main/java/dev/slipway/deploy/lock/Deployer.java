package dev.slipway.deploy.lock;

/**
 * Who deploys.
 *
 * @param by the CI job's URL, or user and machine
 * @param origin where the deployer runs
 */
public record Deployer(String by, Origin origin) {

  /** The same, with why it is done although something speaks against it. */
  public Deployer forced(String reason) {
    return new Deployer(by + ", forced: " + reason, origin);
  }

  /**
   * A process on a machine.
   *
   * @param user whose it is
   * @param machine the machine's name
   * @param id its id there
   */
  public record Origin(String user, String machine, long id) {

    @Override
    public String toString() {
      return user + ", process " + id + " on " + machine;
    }
  }
}
