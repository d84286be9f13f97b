package dev.slipway.deploy.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryReachTest {

  private static CommandResult failed(String error) {
    return new CommandResult(1, "", "Error response from daemon: " + error + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Get \"http://localhost:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused",
        "Get \"https://registry.example/v2/\": dial tcp: lookup registry.example: no such host",
        "Get \"https://registry.example/v2/\": net/http: request canceled (Client.Timeout exceeded)",
        "Get \"https://registry.example/v2/\": x509: certificate signed by unknown authority",
        "Get \"https://registry.example/v2/\": http: server gave HTTP response to HTTPS client",
        "Get \"https://registry.example/v2/\": EOF",
        "failed to do request: Head \"https://registry.example/v2/\": read: connection reset by peer"
      })
  void seesThatARegistryIsNotReached(String error) {
    assertThat(RegistryReach.obstacle(failed(error))).contains(error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "manifest for localhost:5000/backend@sha256:0 not found: manifest unknown",
        "login attempt to http://localhost:5000/v2/ failed with status: 401 Unauthorized",
        "Get \"https://registry.example/v2/\": unauthorized: HTTP Basic: Access denied",
        "pull access denied for registry.example/backend, repository does not exist"
      })
  void seesThatARegistryIsReachedWhateverItAnswers(String error) {
    assertThat(RegistryReach.obstacle(failed(error))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {124, 143})
  void countsNoAnswerAsNotReached(int ofTimeout) {
    assertThat(RegistryReach.obstacle(new CommandResult(ofTimeout, "", "")))
        .contains("no answer in 25 s");
    assertThat(RegistryReach.obstacle(new CommandResult(0, "timeout", ""))).isEmpty();
  }
}
