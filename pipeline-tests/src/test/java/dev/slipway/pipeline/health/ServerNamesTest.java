package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerNamesTest {

  @Test
  void areThoseThatABrowserCouldAskFor() {
    assertThat(
            ServerNames.in(
                """
                server { listen 80 default_server; return 404; }
                server {
                  server_name _;
                  # server_name old.platform.example;
                }
                server {
                  server_name app.platform.example
                      www.platform.example;
                }
                server {
                  server_name api.platform.example *.api.platform.example ~^v\\d+\\. "";
                }
                server {
                  server_name app.platform.example;
                }
                """))
        .containsExactly("app.platform.example", "www.platform.example", "api.platform.example");
  }
}
