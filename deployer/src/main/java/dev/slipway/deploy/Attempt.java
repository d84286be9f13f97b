package dev.slipway.deploy;

import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.HostState;
import dev.slipway.release.ReleaseManifest;
import java.time.Instant;

/**
 * A deployment that changes something, from its plan on.
 *
 * @param before what the server was like
 * @param lock held meanwhile
 */
record Attempt(
    Action action,
    ReleaseManifest release,
    HostState before,
    DeployPlan plan,
    Instant started,
    DeployLock lock) {}
