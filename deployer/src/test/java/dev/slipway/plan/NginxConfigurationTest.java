package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.plan.EdgeState.LiteralUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NginxConfigurationTest {

  private static EdgeState read(String dump) {
    return NginxConfiguration.read(
        dump,
        Map.of("backend", "backend", "api.internal", "backend", "frontend", "frontend"),
        true,
        true);
  }

  @Test
  void findsNamesThatAreLookedUpOnce() {
    EdgeState state =
        read(
            """
            # configuration file /etc/nginx/nginx.conf:
            http {
              # proxy_pass http://backend:1;
              upstream api {
                server backend:8000 max_fails=0;
                server elsewhere:8000;
              }
              include conf.d/*.conf;
            }

            # configuration file /etc/nginx/conf.d/site.conf:
            server {
              location / { proxy_pass "http://frontend:8080/"; }
              location /api/ { proxy_pass http://api; }
              location /other/ { proxy_pass http://elsewhere; }
            }
            """);

    assertThat(state.literals())
        .containsExactly(
            new LiteralUpstream(
                "backend", "/etc/nginx/nginx.conf:4", "server backend:8000 max_fails=0"),
            new LiteralUpstream(
                "frontend", "/etc/nginx/conf.d/site.conf:2", "proxy_pass http://frontend:8080/"));
    assertThat(state.needsReload(Set.of("backend"))).isTrue();
    assertThat(state.needsReload(Set.of("other"))).isFalse();
  }

  private static List<String> singleTries(String dump) {
    return read(dump).singleTries().stream()
        .map(each -> each.service() + " " + each.place() + " " + each.text())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy_next_upstream off;",
        "proxy_next_upstream http_502 timeout;",
        "proxy_next_upstream_tries 1;"
      })
  void knowsWhereARefusedRequestIsGivenUp(String directive) {
    assertThat(
            singleTries(
                """
                # configuration file /etc/nginx/nginx.conf:
                http {
                  server {
                    set $backend http://backend:8000;
                    location /api/ { proxy_pass $backend; }
                    location / { proxy_pass http://static; }
                  }
                  upstream static { server frontend:8080; }
                  %s
                }
                """
                    .formatted(directive)))
        .containsExactlyInAnyOrder(
            "backend /etc/nginx/nginx.conf:8 " + directive.replace(";", ""),
            "frontend /etc/nginx/nginx.conf:8 " + directive.replace(";", ""));
  }

  @Test
  void knowsIncludedFilesAndValuesOfMapsWhereARefusedRequestIsGivenUp() {
    assertThat(
            singleTries(
                """
                # configuration file /etc/nginx/nginx.conf:
                http { map $uri $to { default http://frontend:8080; ~^/api http://backend:8000; } include site; }
                # configuration file /etc/nginx/site:
                server { location / { include proxy; proxy_pass $to; } }
                # configuration file /etc/nginx/proxy:
                proxy_next_upstream off;
                """))
        .containsExactlyInAnyOrder(
            "backend /etc/nginx/proxy:1 proxy_next_upstream off",
            "frontend /etc/nginx/proxy:1 proxy_next_upstream off");
  }

  @Test
  void knowsThatARefusedRequestGoesOn() {
    assertThat(
            singleTries(
                """
                proxy_next_upstream error http_502 non_idempotent;
                proxy_next_upstream_tries 2;
                fastcgi_next_upstream off;
                stream { proxy_next_upstream on; server { proxy_pass backend:8000; } }
                server {
                  proxy_next_upstream off;
                  location /api/ { proxy_next_upstream error; proxy_pass http://backend:8000; }
                  location /payments/ { proxy_pass https://elsewhere; }
                }
                """))
        .isEmpty();
  }

  @Test
  void takesVariablesAndResolvedServersForWhatTheyAre() {
    EdgeState state =
        read(
            """
            resolver 127.0.0.11 valid=1500ms ipv6=off;
            upstream api { zone api 64k; server backend:8000 resolve; }
            server {
              set $frontend http://frontend:8080;
              location / { proxy_pass $frontend; }
              location /x { proxy_pass http://${backend}:8000; }
              if ($request_uri ~ "^/{2}") { return 301 /; }
              location = /after { proxy_pass http://$backend; }
            }
            """);

    assertThat(state.literals()).isEmpty();
    assertThat(state.memory()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void asksForIpv6UnlessTheResolverIsToldNotTo() {
    assertThat(read("resolver 127.0.0.11;").ipv6()).isTrue();
    assertThat(read("resolver a ipv6=off;").ipv6()).isFalse();
    assertThat(read("resolver a ipv6=off; server { proxy_pass http://backend; }").ipv6()).isTrue();
    assertThat(NginxConfiguration.read("resolver a;", Map.of(), true, false).ipv6()).isFalse();
  }

  @Test
  void knowsHowLongNginxBelievesDockersAnswers() {
    assertThat(read("resolver 127.0.0.11;").memory()).isEqualTo(Duration.ofMinutes(10));
    assertThat(read("resolver 127.0.0.11 valid=5m;").memory()).isEqualTo(Duration.ofMinutes(5));
    assertThat(read("resolver a valid=2s; server { resolver b valid=30; }").memory())
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(read("").memory()).isZero();
  }

  @Test
  void isLoadedAgainWhereItRemembersForLong() {
    Set<String> backend = Set.of("backend");

    assertThat(read("resolver a valid=30s;").needsReload(backend)).isFalse();
    assertThat(read("resolver a valid=31s;").needsReload(backend)).isTrue();
    assertThat(read("resolver a valid=31s;").looksUpOnce(backend)).isFalse();
  }

  @Test
  void readsEveryDurationThatNginxReads() {
    assertThat(read("resolver a valid=1m30s;").memory()).isEqualTo(Duration.ofSeconds(90));
    assertThat(read("resolver a 'valid=1h 30m';").memory()).isEqualTo(Duration.ofMinutes(90));
    assertThat(read("resolver a valid=1w;").memory()).isEqualTo(Duration.ofDays(7));
    assertThat(read("resolver a valid=1M2;").memory())
        .isEqualTo(Duration.ofDays(30).plusSeconds(2));
    assertThat(read("resolver a valid=1y;").memory()).isEqualTo(Duration.ofDays(365));
  }

  @Test
  void findsAServiceByEveryNameThatLeadsToIt() {
    assertThat(
            read("server { proxy_pass http://API.internal.:80/; grpc_pass grpc://Backend; }")
                .literals())
        .extracting(LiteralUpstream::service)
        .containsExactly("backend", "backend");
  }

  @Test
  void takesAnUpstreamForNoServiceOfTheSameName() {
    String pass = "server { location / { proxy_pass http://backend; } }";
    String upstream = "upstream backend { zone b 64k; server %s:8000 resolve; }";

    assertThat(read(pass + upstream.formatted("backend")).literals()).isEmpty();
    assertThat(read(pass + upstream.formatted("backend").replace(" resolve", "")).literals())
        .extracting(LiteralUpstream::text)
        .containsExactly("server backend:8000");
  }

  @Test
  void readsWordsOfAnyLength() {
    String policy = "x".repeat(100_000);
    String literal = " proxy_pass http://backend;";

    for (String word : new String[] {policy, "'" + policy + "'", "\"" + policy + "\""}) {
      assertThat(read("add_header Content-Security-Policy " + word + ";" + literal).literals())
          .hasSize(1);
    }
  }

  @Test
  void believesTheLongestOfSeveralResolvers() {
    assertThat(read("resolver a valid=30s; server { resolver b valid=2s; }").memory())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void takesNoOtherWordOfAnUpstreamForAServer() {
    assertThat(read("upstream api { zone backend 64k; server backend:8000 resolve; }").literals())
        .isEmpty();
  }
}
