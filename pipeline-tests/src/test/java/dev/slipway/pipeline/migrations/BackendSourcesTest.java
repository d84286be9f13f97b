package dev.slipway.pipeline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Folders;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendSourcesTest {

  @TempDir private Path folder;

  @Test
  void knowsTheTestsOfMigrationsByWhatTheySayAndNotByTheFolderThatAllLieIn() {
    Path backend = folder.resolve("shop-with-alembic");
    Folders.write(backend.resolve("tests/conftest.py"), "from alembic import command\n");
    Folders.write(backend.resolve("tests/test_orders.py"), "from app.models import Order\n");
    Folders.write(backend.resolve("tests/test_schema.py"), "from alembic import command\n");
    Folders.write(backend.resolve("tests/alembic/test_head.py"), "");
    Folders.write(backend.resolve("tests/heads_test.py"), "# by pytest-Alembic\n");

    assertThat(BackendSources.testsOfMigrations(backend))
        .containsExactly(
            "tests/alembic/test_head.py", "tests/heads_test.py", "tests/test_schema.py");
  }
}
