package dev.slipway.cli;

import dev.slipway.Json;
import dev.slipway.deploy.DeployLock;
import dev.slipway.deploy.Host;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.plan.ContainerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Says what runs on the server. */
@Command(
    name = "status",
    description = "Say what serves, since when and by whom, and what each container does.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway status",
      "  slipway status --json | jq -r '.serving.release.commit'"
    })
@SuppressWarnings("NullAway.Init")
final class StatusCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Override
  public Integer call() {
    Project project = cli.project();
    try (Session session = cli.session(project)) {
      Host host = session.host();
      List<LedgerEntry> entries = host.history().entries();
      Optional<LedgerEntry> serving =
          entries.stream().filter(LedgerEntry::served).reduce((older, newer) -> newer);
      Map<String, ContainerState> containers = new TreeMap<>(host.containers());
      Optional<DeployLock.Owner> lock = DeployLock.holder(session.server(), session.commands());
      Optional<String> schema = host.schemaRevision();
      if (cli.json()) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("serving", serving);
        status.put("schemaRevision", schema);
        status.put("containers", containers);
        status.put("lock", lock);
        cli.out().println(Json.line(status));
        return 0;
      }
      cli.log()
          .note(
              serving
                  .map(
                      entry ->
                          "Serving "
                              + entry.release().briefCommit()
                              + " since "
                              + entry.at()
                              + ", by "
                              + entry.by())
                  .orElse("No release was ever deployed here by Slipway."));
      cli.log().note("Schema " + schema.orElse("unknown"));
      containers.forEach(
          (service, container) ->
              cli.log()
                  .note(
                      String.format(
                          "  %-12s %s %s",
                          service,
                          container.health().orElse(container.state()),
                          container.image())));
      lock.ifPresent(
          owner -> cli.log().note("Locked by " + owner.by() + " since " + owner.since()));
      return 0;
    }
  }
}
