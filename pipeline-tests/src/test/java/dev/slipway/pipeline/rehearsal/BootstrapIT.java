package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first deployment to a server that has Docker and nothing else. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
class BootstrapIT {

  private static final String ORIGIN = "git://git:9418/platform.git";

  private final Production production;
  private final Candidate good;

  BootstrapIT(Production production) {
    this.production = production;
    this.good = production.good();
  }

  @BeforeEach
  void takeTheCheckoutAway() {
    production.empty();
    production.onServer(
        "mv /opt/platform-v2 /opt/kept && install -d -o deploy -g deploy /opt/platform-v2");
  }

  @AfterEach
  void giveItBack() {
    production.onServer(
        "docker ps -aq | xargs -r docker rm -f -v >/dev/null; rm -rf /opt/platform-v2 && mv /opt/kept /opt/platform-v2");
    production.empty();
  }

  private Map<String, String> variables() {
    Map<String, String> variables = production.variables(good);
    variables.put("POSTGRES_PASSWORD", "canary-of-postgres");
    variables.put("SECRET_KEY", "canary key #1");
    return variables;
  }

  @Test
  void preparesAServerWithoutCheckoutForItsFirstDeployment() {
    Outcome bootstrap =
        production.slipway(good, variables(), "bootstrap", "--origin", ORIGIN, "--yes");

    assertThat(bootstrap.exitCode()).withFailMessage("%s", bootstrap.text()).isZero();
    assertThat(bootstrap.text())
        .contains(
            "1. clone " + ORIGIN + " to /opt/platform-v2", "write POSTGRES_PASSWORD, SECRET_KEY")
        .doesNotContain("canary");
    assertThat(production.onServer("stat -c '%a %U' /opt/platform-v2/.env"))
        .isEqualTo("600 deploy");
    assertThat(production.succeed(good, "doctor").text()).doesNotContain("BAD");
    Outcome logs = production.slipway(good, "logs");
    assertThat(logs.exitCode()).withFailMessage("%s", logs.text()).isEqualTo(2);
    assertThat(logs.text()).contains("no container of backend");
    production.succeed(good, "deploy");
    assertThat(production.servedVersion())
        .isEqualTo(Objects.requireNonNull(good.images().get("backend")).version());
    assertThat(
            production.onServer(
                "docker inspect --format '{{.Config.Env}}' " + production.container("backend")))
        .contains("SECRET_KEY=canary key #1");
    assertThat(production.succeed(good, "bootstrap").text()).contains("Nothing to do");
  }

  @Test
  void doctorAndLogsSayOfABareServerThatItIsOne() {
    Outcome doctor = production.slipway(good, "doctor");
    assertThat(doctor.exitCode()).withFailMessage("%s", doctor.text()).isEqualTo(2);
    assertThat(doctor.text())
        .contains("`slipway bootstrap` makes it")
        .doesNotContainPattern("(rights|origin|variables) ");

    Outcome logs = production.slipway(good, "logs", "--since", "1h", "backend");
    assertThat(logs.exitCode()).withFailMessage("%s", logs.text()).isEqualTo(2);
    assertThat(logs.text()).contains("no container of backend");
  }

  @Test
  void refusesToGoOnWithoutATerminalOrAValueAndChangesNothing() {
    assertThat(production.slipway(good, variables(), "bootstrap", "--origin", ORIGIN))
        .satisfies(
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(2);
              assertThat(refused.text()).contains("Add --yes");
            });
    Outcome withoutValues = production.slipway(good, "bootstrap", "--origin", ORIGIN, "--yes");

    assertThat(withoutValues.exitCode()).isEqualTo(2);
    assertThat(withoutValues.text()).contains("no value for POSTGRES_PASSWORD, SECRET_KEY");
    assertThat(production.onServer("ls -A /opt/platform-v2")).isEmpty();
  }

  @Test
  void refusesAServerWhereTheUserMayNotMakeTheCheckout() {
    production.onServer("chown root:root /opt/platform-v2");

    Outcome refused =
        production.slipway(good, variables(), "bootstrap", "--origin", ORIGIN, "--yes");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.text()).contains("install -d -o USER -g USER /opt/platform-v2");
  }
}
