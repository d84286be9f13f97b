package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;

/** What a server must be like after the run that follows a fault. */
final class Aftermath {

  private static final String CHECKOUT = "/opt/platform-v2";

  private final Production production;

  Aftermath(Production production) {
    this.production = production;
  }

  /** As if the release had been deployed without any trouble, and nothing of it is left. */
  void expectAllIsWell(Candidate serving) {
    assertThat(production.locked()).isFalse();
    expectContainers();
    expectTheRelease(serving);
    expectNothingLeft();
  }

  private void expectContainers() {
    assertThat(
            production
                .onServer(
                    "docker ps --all --format '{{.Label \"com.docker.compose.service\"}} {{.State}}' | sort")
                .lines())
        .containsExactly(
            "backend running",
            "frontend running",
            "nginx running",
            "postgres running",
            "redis running");
    assertThat(production.onServer("docker ps --format '{{.Names}}'").lines())
        .allMatch(name -> name.matches("platform-v2[-_][a-z]+[-_]1"));
  }

  private void expectTheRelease(Candidate serving) {
    assertThat(production.checkedOut()).isEqualTo(serving.commit());
    assertThat(production.onServer("git -C " + CHECKOUT + " status --porcelain")).isEmpty();
    assertThat(production.onServer("grep '^TAG=' " + CHECKOUT + "/.env"))
        .isEqualTo("TAG=" + serving.commit());
    var ledger = production.ledger();
    assertThat(ledger.get(ledger.size() - 1)).endsWith(" " + serving.commit());
  }

  private void expectNothingLeft() {
    assertThat(
            production.onServer(
                "nsenter -t $(docker inspect -f '{{.State.Pid}}' "
                    + production.container("nginx")
                    + ") -n iptables -S"))
        .doesNotContain("SLIPWAY");
    assertThat(production.onServer("ls -A " + CHECKOUT + "/.slipway").lines())
        .isSubsetOf("ledger.jsonl", "backups");
    assertThat(production.onServer("find " + CHECKOUT + "/.slipway -name '*.part'")).isEmpty();
    assertThat(production.onServer("ls -A " + CHECKOUT).lines()).doesNotContain(".env.slipway");
    assertThat(production.onServer("find /tmp /dev/shm -name config.json -o -type p"))
        .as("logins and pipes")
        .isEmpty();
    assertThat(production.onServer("docker images --format '{{.Repository}}'"))
        .doesNotContain("slipway/part");
    assertThat(
            production.query(
                "select count(*) from pg_stat_activity where application_name like 'slipway%'"))
        .as("sessions")
        .isEqualTo("0");
  }
}
