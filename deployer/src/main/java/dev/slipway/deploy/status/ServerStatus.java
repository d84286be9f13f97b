package dev.slipway.deploy.status;

import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server serves, and in what it differs from what the ledger says.
 *
 * @param serving the event that brought the release into service; absent before a first one
 * @param last the last event of all
 * @param schemaRevision what the database says; absent without a database or a first migration
 * @param containers the containers, by service
 * @param maintenance whether the edge answers users with 503
 * @param lock who deploys at the moment
 * @param leftovers a line of each container of a service that what serves does not have
 * @param drift the differences, a line each; not looked for while somebody deploys
 */
public record ServerStatus(
    Optional<LedgerEntry> serving,
    Optional<LedgerEntry> last,
    Optional<String> schemaRevision,
    Map<String, Sighting> containers,
    boolean maintenance,
    Optional<DeployLock.Owner> lock,
    List<String> leftovers,
    List<String> drift) {

  /** Copies. */
  public ServerStatus {
    containers = new TreeMap<>(containers);
    leftovers = List.copyOf(leftovers);
    drift = List.copyOf(drift);
  }

  static ServerStatus of(
      History history,
      Optional<String> schemaRevision,
      Map<String, Sighting> containers,
      boolean maintenance,
      Optional<DeployLock.Owner> lock,
      List<String> leftovers,
      Drift.Checkout checkout) {
    List<LedgerEntry> entries = history.entries();
    return new ServerStatus(
        history.serving(),
        entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1)),
        schemaRevision,
        containers,
        maintenance,
        lock,
        lock.isPresent() ? List.of() : leftovers,
        lock.isPresent() ? List.of() : Drift.of(history, containers, checkout));
  }

  /** The lines that people read. */
  public List<String> lines(Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(
        serving.map(ServerStatus::serving).orElse("No release was ever deployed here by Slipway."));
    last.filter(entry -> !serving.equals(last)).map(ServerStatus::sinceThen).ifPresent(lines::add);
    lines.add("Schema " + schemaRevision.orElse("unknown"));
    containers.forEach(
        (service, found) -> lines.add(String.format("  %-12s %s", service, found.describe(now))));
    if (maintenance) {
      lines.add("Maintenance is on: users get 503 until `slipway maintenance off`.");
    }
    lock.ifPresent(owner -> lines.add("Locked by " + owner.by() + " since " + owner.since()));
    leftovers.forEach(line -> lines.add(line + "."));
    if (!drift.isEmpty()) {
      lines.add("Drift from the ledger:");
      drift.forEach(line -> lines.add("  " + line));
      lines.add("Take it back by hand, or commit what is to stay and deploy it.");
    }
    return lines;
  }

  private static String serving(LedgerEntry entry) {
    return "Serving "
        + entry.release().briefCommit()
        + " since "
        + entry.at()
        + ", by "
        + entry.by()
        + entry.reason().map(reason -> ", not complete: " + reason).orElse("");
  }

  private static String sinceThen(LedgerEntry entry) {
    return entry.action() == Action.RESTORE && entry.outcome() == Outcome.SERVING
        ? "  "
            + entry.backup().orElse("A backup")
            + " was restored since, at "
            + entry.at()
            + ", by "
            + entry.by()
        : "  The last run ended otherwise: " + ending(entry);
  }

  private static String ending(LedgerEntry entry) {
    return entry.outcome()
        + " of "
        + entry.release().briefCommit()
        + " at "
        + entry.at()
        + ", by "
        + entry.by()
        + entry.reason().map(reason -> ": " + reason).orElse("");
  }
}
