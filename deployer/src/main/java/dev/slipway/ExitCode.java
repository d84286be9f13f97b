package dev.slipway;

/**
 * What a run of Slipway ended with, as the process's exit status; documented in {@code
 * docs/exit-codes.md}.
 */
public enum ExitCode {
  /** Deployed, rolled back as asked, or nothing to do. */
  SUCCESS(0),
  /** A fault in Slipway itself; the state of the server is as the last line printed says. */
  INTERNAL_ERROR(1),
  /** Refused before anything was changed: bad input, missing or red verdict, unfit server. */
  REFUSED(2),
  /** Failed before the swap: the old version serves, untouched. */
  FAILED_OLD_VERSION_SERVING(3),
  /** Failed after the swap: the previous images serve again, the schema is as it was. */
  ROLLED_BACK(4),
  /** Failed: what served before the failure serves, or serves again, on a schema that has moved. */
  ROLLED_BACK_SCHEMA_MOVED(5),
  /** Another deployment holds the lock; nothing was changed. */
  LOCKED(6),
  /** The outcome could not be established, for instance because the connection was lost. */
  UNKNOWN_STATE(7),
  /**
   * The new version serves, but something after the health gate failed, such as moving {@code
   * :latest}.
   */
  SERVING_INCOMPLETE(8),
  /** {@code slipway status} found the server to be otherwise than the ledger says. */
  DRIFTED(9);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The process's exit status. */
  public int status() {
    return status;
  }
}
