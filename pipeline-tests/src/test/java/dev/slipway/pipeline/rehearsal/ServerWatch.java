package dev.slipway.pipeline.rehearsal;

/**
 * What happens on the stand-in server meanwhile: each command that comes by ssh, the arguments of
 * its processes, and each container that is made.
 */
final class ServerWatch implements AutoCloseable {

  /** Where the records lie; itself no place to be searched. */
  static final String FOLDER = "/run/watch";

  /** Records each command and runs it as sshd would have. */
  static final String RECORDER = "/usr/local/bin/recorded";

  private static final String BEGIN =
      """
      mkdir -p /run/watch && cd /run/watch && touch on commands && chmod 666 commands
      cat > RECORDER <<'END'
      #!/bin/sh
      printf '%s\\n' "$SSH_ORIGINAL_COMMAND" >> /run/watch/commands
      exec "${SHELL:-/bin/sh}" -c "$SSH_ORIGINAL_COMMAND"
      END
      chmod 755 RECORDER
      setsid sh -c 'while [ -e on ]; do cat /proc/[1-9]*/cmdline 2>/dev/null; sleep 0.02; done | tr "\\0" "\\n" | awk "!seen[\\$0]++" > processes; touch sampled' > /dev/null 2>&1 < /dev/null &
      setsid docker events --format '{{json .}}' > events 2>&1 < /dev/null & echo $! >> pids
      cat > inspect <<'END'
      docker events --filter type=container --filter event=create --format '{{.ID}}' | while read -r id; do
        docker inspect --format '{{.Path}} {{json .Args}} {{json .Config.Labels}} {{json .HostConfig}} {{json .Mounts}}' "$id" >> containers
        docker inspect --format '{{if not (index .Config.Labels "com.docker.compose.project")}}{{json .Config.Env}}{{end}}' "$id" >> containers
        docker inspect --format '{{if index .Config.Labels "com.docker.compose.project"}}{{json .Config.Env}}{{end}}' "$id" >> environments
      done
      END
      setsid sh inspect > /dev/null 2>&1 < /dev/null & echo $! >> pids
      """
          .replace("RECORDER", RECORDER);

  private static final String END =
      """
      cd /run/watch && rm on && until [ -e sampled ]; do sleep 0.1; done
      for pid in $(cat pids); do kill -- "-$pid"; done
      """;

  private final Production production;
  private boolean on = true;

  /** Begins to watch. */
  ServerWatch(Production production) {
    this.production = production;
    production.onServer(BEGIN);
  }

  /** Stops watching; the records stay. */
  void end() {
    on = false;
    production.onServer(END);
  }

  /** One record: {@code commands}, {@code processes}, {@code events}, {@code containers}. */
  String record(String name) {
    return production.onServer("cat " + FOLDER + "/" + name);
  }

  @Override
  public void close() {
    if (on) {
      end();
    }
  }
}
