package dev.slipway.pipeline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartedBackendTest {

  @Test
  void splitsACommandLineOfAComposeFile() {
    assertThat(StartedBackend.words("sh -c alembic upgrade head && uvicorn app:app"))
        .containsExactly("sh", "-c", "alembic upgrade head && uvicorn app:app");
    assertThat(StartedBackend.words("sh -c \"a && b\" x"))
        .containsExactly("sh", "-c", "a && b", "x");
    assertThat(StartedBackend.words("uvicorn app:app --port 8000"))
        .containsExactly("uvicorn", "app:app", "--port", "8000");
  }
}
