package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlipwayFileTest {

  private static String refusal(String text) {
    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> SlipwayFile.parse(text));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.advice()).contains("docs/slipway-yml.md");
    return refused.what();
  }

  @Test
  void refusesAFileThatIsNotUtf8() {
    assertThat(refusal("server:\n  directory: /srv/caf\uFFFD\n"))
        .isEqualTo("slipway.yml:2: is not UTF-8; save the file as UTF-8");
  }

  @Test
  void followsTheConventionsWithoutAWord() {
    SlipwayFile settings = SlipwayFile.parse("");

    assertThat(settings.name()).isEmpty();
    assertThat(settings.composeFile()).isEqualTo("docker-compose.prod.yml");
    assertThat(settings.serverDirectory()).isEqualTo("/opt/platform-v2");
    assertThat(settings.versionArgument()).isEqualTo("APP_VERSION");
    assertThat(settings.images()).isEqualTo(new Images(Transfer.AUTO, 5));
    assertThat(settings.health())
        .isEqualTo(new Health("/health", Optional.empty(), "version", Duration.ofMinutes(1), 3));
    assertThat(settings.migrations())
        .isEqualTo(
            new Migrations(
                Optional.empty(),
                List.of("alembic"),
                List.of(),
                Map.of(),
                Duration.ofSeconds(1),
                new LockPatience(Duration.ofSeconds(1), 12, Duration.ofMinutes(30))));
    assertThat(settings.backup())
        .isEqualTo(new BackupSettings(BackupSettings.Mode.RESTORE, 5, 5_368_709_120L));
    assertThat(settings.part(Role.EDGE))
        .isEqualTo(new Part(Optional.of("nginx"), Optional.of("nginx"), "Dockerfile", true));
    assertThat(settings.part(Role.REDIS))
        .isEqualTo(new Part(Optional.of("redis"), Optional.empty(), "Dockerfile", true));
    assertThat(SlipwayFile.parse("# only a comment\n")).isEqualTo(settings);
    assertThat(SlipwayFile.parse("---\n")).isEqualTo(settings);
  }

  @Test
  void readsEveryKey() {
    SlipwayFile settings =
        SlipwayFile.parse(
            """
            name: shop
            compose-file: deploy/compose.yml
            services: {backend: api, frontend: web, edge: proxy, postgres: db, redis: none}
            folders: {backend: ./src/api/, frontend: ., edge: none}
            dockerfiles: {backend: ./docker/Dockerfile.prod}
            health: {path: /health/full, host: api.shop.example, version-field: commit, budget: 1m30s, successes: 5}
            migrations: {directory: /app/db, command: [python, -m, alembic],
              known-drift: [add_column orders.note], sizes: {orders: 2000000, audit.log: 7},
              longest-block: 500ms, lock-timeout: 3s, lock-tries: 4, deadline: 1h}
            backup: {mode: read, keep: 9, limit: 200GB}
            build: {version-argument: GIT_SHA}
            server: {directory: /srv/shop}
            hooks:
              before: {run: ./check, where: local}
              after: {run: [./announce, all], deadline: 5s}
            images: {transfer: ssh, keep: 2}
            """);

    assertThat(settings.name()).contains("shop");
    assertThat(settings.composeFile()).isEqualTo("deploy/compose.yml");
    assertThat(settings.part(Role.BACKEND))
        .isEqualTo(
            new Part(Optional.of("api"), Optional.of("src/api"), "docker/Dockerfile.prod", true));
    assertThat(settings.part(Role.FRONTEND).folder()).contains(".");
    assertThat(settings.part(Role.EDGE))
        .isEqualTo(new Part(Optional.of("proxy"), Optional.empty(), "Dockerfile", true));
    assertThat(settings.part(Role.REDIS))
        .isEqualTo(new Part(Optional.empty(), Optional.empty(), "Dockerfile", false));
    assertThat(settings.health())
        .isEqualTo(
            new Health(
                "/health/full",
                Optional.of("api.shop.example"),
                "commit",
                Duration.ofSeconds(90),
                5));
    assertThat(settings.migrations())
        .isEqualTo(
            new Migrations(
                Optional.of("/app/db"),
                List.of("python", "-m", "alembic"),
                List.of("add_column orders.note"),
                Map.of("orders", 2_000_000L, "audit.log", 7L),
                Duration.ofMillis(500),
                new LockPatience(Duration.ofSeconds(3), 4, Duration.ofHours(1))));
    assertThat(settings.backup())
        .isEqualTo(new BackupSettings(BackupSettings.Mode.READ, 9, 200L << 30));
    assertThat(settings.versionArgument()).isEqualTo("GIT_SHA");
    assertThat(settings.serverDirectory()).isEqualTo("/srv/shop");
    assertThat(settings.images()).isEqualTo(new Images(Transfer.SSH, 2));
    assertThat(settings.hooks())
        .isEqualTo(
            new Hooks(
                Optional.of(new Hook(List.of("./check"), true, Duration.ofSeconds(60))),
                Optional.of(new Hook(List.of("./announce", "all"), false, Duration.ofSeconds(5)))));
    assertThat(SlipwayFile.parse("").hooks()).isEqualTo(Hooks.NONE);
  }

  @Test
  void refusesAHookWithoutACommandOrAtAPlaceThatIsNone() {
    assertThat(refusal("hooks:\n  before: {where: cloud}\n"))
        .contains("'hooks.before.run' is missing")
        .contains("'hooks.before.where' must be server or local, found 'cloud'");
  }

  @Test
  void takesAVersionFieldOfNoneAsAnAnswerWithoutAVersion() {
    assertThat(SlipwayFile.parse("health: {version-field: none}").health().tellsVersion())
        .isFalse();
    assertThat(SlipwayFile.parse("").health().tellsVersion()).isTrue();
  }

  @Test
  void addsASubcommandToTheMigrationCommand() {
    assertThat(Migrations.DEFAULT.with("upgrade", "head"))
        .containsExactly("alembic", "upgrade", "head");
  }

  @Test
  void takesAFolderOfNoneAsAPartThatMayBeMissing() {
    SlipwayFile settings = SlipwayFile.parse("folders: {frontend: none}");

    assertThat(settings.part(Role.FRONTEND))
        .isEqualTo(new Part(Optional.of("frontend"), Optional.empty(), "Dockerfile", false));
  }

  @Test
  void reportsEveryProblemAtOnceWithItsLine() {
    assertThat(
            refusal(
                """
                nmae: shop
                compose-file: ../other.yml
                services:
                  backnd: api
                  frontend: [a]
                folders: nginx
                health:
                  path: health
                  budget: 60
                  successes: 0
                  version-field:
                migrations:
                  command: python -m alembic
                build: {version-argument: "A B"}
                server: {directory: opt}
                zzz: 1
                """))
        .isEqualTo(
            """
            13 problems:
              slipway.yml:1: unknown key 'nmae'; did you mean 'name'?
              slipway.yml:16: unknown key 'zzz'; known: name, compose-file, services, folders, dockerfiles, health, migrations, backup, build, server, hooks, images
              slipway.yml:2: 'compose-file' must be a path below the platform's root without a - in front of a name, found '../other.yml'
              slipway.yml:4: unknown key 'services.backnd'; did you mean 'backend'?
              slipway.yml:6: 'folders' must be a mapping with backend, frontend, edge, found 'nginx'
              slipway.yml:5: 'services.frontend' must be a text, found a list
              slipway.yml:8: 'health.path' must be a path that starts with /, found 'health'
              slipway.yml:11: 'health.version-field' must be a text, found nothing
              slipway.yml:9: 'health.budget' must be a duration such as 500ms, 60s or 2m, found '60'
              slipway.yml:10: 'health.successes' must be a whole number from 1 to 1000, found '0'
              slipway.yml:13: 'migrations.command' must be one word, or a list such as [python, -m, alembic], found 'python -m alembic'
              slipway.yml:14: 'build.version-argument' must be the name of a build argument, found 'A B'
              slipway.yml:15: 'server.directory' must be an absolute path without a slash at its end, found 'opt'""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: Shop             | project name of lower case",
        "name: 5x y             | project name",
        "name:                  | found nothing",
        "name: ''               | project name",
        "name: null             | found nothing",
        "folders: {backend: ~}  | found nothing",
        "services: {redis: 5}   | 'services.redis' must be a text, found '5'",
        "services: {redis: true}| found 'true'",
        "folders: {edge: /abs}  | in front of a name, or none",
        "folders: {edge: a/../../b} | in front of a name, or none",
        "compose-file: --help | 'compose-file' must be a path below the platform's root without a -",
        "folders: {edge: a/-x} | in front of a name, or none, found 'a/-x'",
        "hooks: {before: {run: [A=1, x]}} | 'hooks.before.run' must be a command that begins with a program",
        "hooks: {after: {run: --x}} | 'hooks.after.run' must be a command that begins with a program",
        "folders: {postgres: x} | unknown key 'folders.postgres'",
        "images: {transfer: scp} | 'images.transfer' must be auto, registry or ssh, found 'scp'",
        "images: {keep: 0} | 'images.keep' must be a whole number from 1 to 1000, found '0'",
        "health: {budget: 0s}   | a duration",
        "health: {successes: 1001} | from 1 to 1000",
        "migrations: {command: []} | a list of words",
        "migrations: {command: [a, {b: c}]} | a list of words",
        "migrations: {sizes: {orders: many}} | 'migrations.sizes.orders' must be a whole number of rows",
        "migrations: {sizes: 5} | a mapping of names to numbers of rows",
        "migrations: {longest-block: 1} | 'migrations.longest-block' must be a duration",
        "migrations: {size: {orders: 5}} | did you mean 'sizes'?",
        "server: {directory: /} | an absolute path",
        "health:                | 'health' must be a mapping with path",
        "[a]                    | expected 'key: value'",
        "name: {a: b            | invalid YAML at line",
        "health: {pth: /x}      | did you mean 'path'?",
      })
  void refuses(String text, String expected) {
    assertThat(refusal(text)).contains(expected).startsWith("slipway.yml");
  }

  @Test
  void takesAPathHoweverItIsSpelled() {
    assertThat(SlipwayFile.parse("compose-file: ./docker-compose.prod.yml").composeFile())
        .isEqualTo("docker-compose.prod.yml");
    assertThat(SlipwayFile.parse("compose-file: ././deploy/compose.yml").composeFile())
        .isEqualTo("deploy/compose.yml");
    assertThat(SlipwayFile.parse("name: 'null'").name()).contains("null");
  }

  @Test
  void refusesDuplicateKeys() {
    assertThat(refusal("name: a\nname: b\n"))
        .isEqualTo("slipway.yml:2: duplicate key 'name', first on line 1");
  }

  @Test
  void refusesABackupOrAPatienceThatCannotBeMeant() {
    assertThatThrownBy(
            () ->
                SlipwayFile.parse(
                    """
                    backup: {mode: verify, keep: 0, limit: 5G}
                    migrations: {lock-timeout: 1h}
                    """))
        .hasMessageContaining("'backup.mode' must be restore, read or none, found 'verify'")
        .hasMessageContaining("'backup.keep' must be a whole number from 1 to 1000, found '0'")
        .hasMessageContaining("'backup.limit' must be a size such as 500MB or 5GB, found '5G'")
        .hasMessageContaining("'migrations.deadline' must be longer than lock-timeout");
  }
}
