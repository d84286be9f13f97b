package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.plan.EdgeState.LiteralUpstream;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NginxConfigurationTest {

  private static EdgeState read(String dump) {
    return NginxConfiguration.read(dump, Set.of("backend", "frontend"), true, true);
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
    assertThat(NginxConfiguration.read("resolver a;", Set.of(), true, false).ipv6()).isFalse();
  }

  @Test
  void knowsHowLongNginxBelievesDockersAnswers() {
    assertThat(read("resolver 127.0.0.11;").memory()).isEqualTo(Duration.ofMinutes(10));
    assertThat(read("resolver 127.0.0.11 valid=5m;").memory()).isEqualTo(Duration.ofMinutes(5));
    assertThat(read("resolver a valid=2s; server { resolver b valid=30; }").memory())
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(read("").memory()).isZero();
  }
}
