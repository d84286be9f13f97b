package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.SampleReleases.all;
import static dev.slipway.pipeline.rehearsal.SampleReleases.budget;
import static dev.slipway.pipeline.rehearsal.SampleReleases.crash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deployments to a real server while people use the platform: nobody notices. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class SwapIT {

  private static final int PER_SECOND = 50;

  private final Production production;
  private final SampleReleases releases;
  private final Candidate good;

  SwapIT(Production production) {
    this.production = production;
    this.releases = production.releases();
    this.good = production.good();
  }

  @BeforeEach
  void serveTheGoodRelease() {
    production.serveGood();
  }

  @AfterEach
  void leavesOneContainerForEachServiceAndNoRule() {
    assertThat(
            production.onServer(
                "docker ps --all --format '{{.Names}}' | grep -E 'next|trial|_2$|-2$' || true"))
        .isEmpty();
    assertThat(rules()).doesNotContain("SLIPWAY");
    assertThat(production.onServer("ls /opt/platform-v2/.slipway")).doesNotContain("swap");
  }

  private String rules() {
    return production.onServer(
        "nsenter -t $(docker inspect -f '{{.State.Pid}}' "
            + production.container("nginx")
            + ") -n iptables -S");
  }

  private Outcome underLoad(Candidate candidate, String verb, int exitCode) throws IOException {
    try (Load load = Load.onSamplePlatform(production.rig().address(), PER_SECOND)) {
      Outcome outcome = load.during(() -> production.slipway(candidate, verb));
      List<Load.Failure> failures = load.failures();
      assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isEqualTo(exitCode);
      assertThat(failures)
          .withFailMessage(
              "%d of %d requests failed: %s\n%s",
              failures.size(), load.requests(), failures, outcome.text())
          .isEmpty();
      assertThat(load.requests()).isGreaterThan(PER_SECOND);
      return outcome;
    }
  }

  @Test
  void losesNoRequestOnTheWayThereAndBack() throws IOException {
    Candidate next =
        production.candidate(
            releases.with("Say more", Map.of("backend/app/more.py", "MORE = True\n")));
    String postgres = production.container("postgres");
    String frontend = production.container("frontend");
    String edge = production.container("nginx");

    Outcome outcome = underLoad(next, "deploy", 0);

    assertThat(outcome.text()).contains("swap backend beside the running containers");
    assertThat(production.servedVersion()).isEqualTo(next.commit());
    assertThat(production.container("postgres")).isEqualTo(postgres);
    assertThat(production.container("frontend")).isEqualTo(frontend);
    assertThat(production.container("nginx")).isEqualTo(edge);
    expectWhatComposeWouldHaveLeft();

    underLoad(next, "rollback", 0);

    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    expectWhatComposeWouldHaveLeft();
  }

  /** Compose finds nothing to do, and its own commands find the service by its first number. */
  private void expectWhatComposeWouldHaveLeft() {
    String backend = production.container("backend");
    String compose =
        "cd /opt/platform-v2 && compose=$(docker compose version >/dev/null 2>&1 && echo docker compose ||"
            + " echo docker-compose) && $compose -f docker-compose.prod.yml ";
    production.onServer(compose + "up -d 2>&1");
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.onServer(compose + "exec -T --index=1 backend printenv APP_VERSION"))
        .isEqualTo(production.servedVersion());
    assertThat(production.onServer("docker inspect -f '{{.Name}}' " + backend))
        .matches("/platform-v2[-_]backend[-_]1");
  }

  @Test
  void goesBackToTheContainerThatIsStillThereWhenTheGateStaysShut() throws IOException {
    Candidate red = production.candidate(releases.with("Be ill behind an edge", illBehindAnEdge()));
    String backend = production.container("backend");

    Outcome outcome = underLoad(red, "deploy", 4);

    assertThat(outcome.text())
        .contains(
            "The health gate stayed shut", "The last lines of backend:", "503 Service Unavailable")
        .doesNotContain("Nothing was swapped");
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    expectWhatComposeWouldHaveLeft();
  }

  /** Well when it is asked itself, and not when the edge asks; users notice nothing of it. */
  private Map<String, String> illBehindAnEdge() {
    return all(
        budget(10),
        releases.changed(
            "backend/app/main.py",
            "    app.include_router(health.router)\n",
            """
                @app.middleware("http")
                async def ill(request, call_next):
                    from fastapi.responses import JSONResponse
                    if request.url.path == "/health" and "x-forwarded-for" in request.headers:
                        return JSONResponse({"status": "ill"}, status_code=503)
                    return await call_next(request)

                app.include_router(health.router)
            """));
  }

  /** As most people write it; a response that outlives nginx's old workers is under way. */
  @Test
  void losesNothingButIdleConnectionsBehindLiteralUpstreams() throws Exception {
    Candidate next =
        production.candidate(
            releases.with("Say other", Map.of("backend/app/other.py", "OTHER = True\n")));
    Candidate red =
        production.candidate(
            releases.with(
                "Be ill behind literals",
                all(illBehindAnEdge(), Map.of("backend/app/ill.py", "ILL = True\n"))));
    production.query(
        "insert into orders (customer_id) select (select min(id) from customers) from generate_series(1, 40)");
    inEdge("cp /etc/nginx/nginx.conf /tmp/kept");
    inEdge(
        "sed -i \"s,^  server {,  upstream kept { server backend:8000; keepalive 16; } server {,;s,proxy_pass [$]backend,proxy_pass http://kept,;"
            + "s,proxy_pass [$]frontend,proxy_pass http://frontend:8080,\" /etc/nginx/nginx.conf"
            + " && kill -HUP 1");
    try {
      CompletableFuture<HttpResponse<String>> export =
          HttpClient.newHttpClient()
              .sendAsync(
                  Load.get(production.rig().address() + "/api/orders/export?rows_per_second=2"),
                  BodyHandlers.ofString());
      assertThat(behindLiterals(next, "deploy", 0)).contains("nginx is reloaded three times");
      assertThat(export.get().body().lines()).hasSizeGreaterThan(40);
      assertThat(production.servedVersion()).isEqualTo(next.commit());

      behindLiterals(red, "deploy", 4);
      assertThat(production.servedVersion()).isEqualTo(next.commit());

      behindLiterals(next, "rollback", 0);
      assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    } finally {
      inEdge("cat /tmp/kept > /etc/nginx/nginx.conf && kill -HUP 1");
      production.query("delete from orders");
    }
  }

  /** The plan told that nginx may close an idle connection on which a request is on its way. */
  private String behindLiterals(Candidate candidate, String verb, int exitCode) throws IOException {
    try (Load load = Load.onSamplePlatform(production.rig().address(), PER_SECOND)) {
      Outcome outcome = load.during(() -> production.slipway(candidate, verb));
      List<Load.Failure> failures = load.failures();
      assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isEqualTo(exitCode);
      assertThat(failures)
          .as("requests that nginx answered badly, of %d", load.requests())
          .noneMatch(failure -> failure.what().contains("status"));
      assertThat(failures)
          .as("closed connections")
          .hasSizeLessThan(Math.max(1, load.requests() / 100));
      return outcome.text();
    }
  }

  private void inEdge(String script) {
    production.onServer(
        "docker exec -u root " + production.container("nginx") + " sh -c '" + script + "'");
  }

  @Test
  void losesNoRequestWhenTheReleaseCrashes() throws IOException {
    Candidate crashing =
        production.candidate(releases.with("Crash at the start", all(budget(40), crash())));
    String backend = production.container("backend");

    Outcome outcome = underLoad(crashing, "deploy", 3);

    assertThat(outcome.text())
        .contains(
            "The last lines of backend:", "the settings name no price list", "Nothing was swapped");
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
  }
}
