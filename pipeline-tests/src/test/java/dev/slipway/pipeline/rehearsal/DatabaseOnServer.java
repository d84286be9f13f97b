package dev.slipway.pipeline.rehearsal;

import dev.slipway.command.CommandResult;
import java.util.Optional;

/** The stand-in server's database, with a row in it by which it is known again. */
final class DatabaseOnServer {

  private static final String PSQL =
      "psql -X -q -A -t -v ON_ERROR_STOP=1 -U \"${POSTGRES_USER:-postgres}\""
          + " -d \"${POSTGRES_DB:-${POSTGRES_USER:-postgres}}\" -c \"$1\"";
  private static final String MOUNTS =
      "{{range .Mounts}}{{.Destination}} in {{if .Name}}volume {{.Name}}{{else}}{{.Source}}{{end}} {{end}}";

  private final Rig rig;
  private final String service;
  private String place = "";

  DatabaseOnServer(Rig rig, String service) {
    this.rig = rig;
    this.service = service;
  }

  /** Writes a row beside the platform's own tables. */
  void leaveAMark() {
    CommandResult result =
        psql(
            "create schema slipway_rehearsal; create table slipway_rehearsal.mark as select 1 as present");
    if (!result.succeeded()) {
      throw new AssertionError("No row could be written to " + service + ": " + result.tail(3));
    }
    place = place();
  }

  /** What to say when the row is gone; nothing when it is there. */
  Optional<String> loss() {
    if (psql("select present from slipway_rehearsal.mark").standardOutput().strip().equals("1")) {
      return Optional.empty();
    }
    String now = place();
    return Optional.of(
        "The rows that "
            + service
            + " held before the deployment are gone"
            + (now.equals(place)
                ? "; look for a revision or an init script that removes them."
                : ": its data were at "
                    + place
                    + " and now are at "
                    + now
                    + ", so it starts with an empty database. Give the volume its former name and the folder its former"
                    + " place in the compose file, or move the data before this commit ships."));
  }

  private String place() {
    String mounts =
        rig.onServer("docker", "inspect", "--format", MOUNTS, rig.container(service))
            .standardOutput()
            .strip();
    return psql("show data_directory").standardOutput().strip() + " (" + mounts + ")";
  }

  private CommandResult psql(String sql) {
    return rig.onServer("docker", "exec", rig.container(service), "sh", "-c", PSQL, "sh", sql);
  }
}
