package dev.slipway.deploy.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentSecretsTest {

  @Test
  void takesNoWorkingDirectoryForAPassword() {
    assertThat(
            EnvironmentSecrets.of(
                Map.of(
                    "PWD", "/srv/platform", "OLDPWD", "/srv/before", "DATABASE_PWD", "swordfish")))
        .containsExactly(Secret.of("swordfish"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SECRET_KEY=swordfish | swordfish",
        "export API_TOKEN = swordfish | swordfish",
        "API_TOKEN: swordfish | swordfish",
        "PASSWORD=sword fish # of the old server | sword fish # of the old server,sword fish",
        "PASSWORD=sword#fish | sword#fish",
        "PASSWORD='sword \"$fish' # once | sword \"$fish",
        "PASSWORD=\"sword\\\"fish\" # once | sword\\\"fish,sword\"fish",
        "PASSWORD=\"swordfish | \"swordfish",
        "PASSWORD=sword$$fish | sword$$fish,sword$fish",
        "PASSWORD=a=b=c=d | a=b=c=d",
        "DATABASE_URL=postgresql://platform:sw%6Frdfish@db:5432/platform | sw%6Frdfish,swordfish",
        "REDIS_URL=redis://:swordfish@redis:6379/0 | swordfish",
        "URLS=amqp://a:swordfish@one,amqp://b:sword+fish@two | swordfish,sword+fish",
        "BROKEN=x://a:100%sure@b | 100%sure",
        "PASSWORD=short | ``",
        "PASSWORD_MIN_LENGTH=8 | ``",
        "POSTGRES_PASSWORD_OLD=swordfish | swordfish",
        "DB_DSN=host=db user=ann password=swordfish dbname=shop | swordfish",
        "DB_DSN=\"host=db password='sword fish'\" | sword fish",
        "DB_DSN=Host=db;Password=swordfish;Database=shop | swordfish",
        "PASSWORD= | ``",
        "# PASSWORD=swordfish | ``",
        "TAG=swordfish | ``",
        "PUBLIC_URL=https://platform.example/a:b@c | ``",
        "HOOK=https://chat.example/in?token=swordfish&room=kitchen | swordfish",
        "ORIGIN=https://glpat0a1b2c3d4@git.example/p.git | glpat0a1b2c3d4",
        "LICENCE=sk_live_51HxQ9aB7cD8 | sk_live_51HxQ9aB7cD8",
        "LICENCE=9f86d081884c7d65 | 9f86d081884c7d65",
        "LICENCE=q/Xy+7Bc/dE1fG2/hIjK= | q/Xy+7Bc/dE1fG2/hIjK=",
        "CHAT=https://chat.example/services/T024/a8B7c6D5e4F3g2 | a8B7c6D5e4F3g2",
        "TAG=0a1b2c3d4e5f | ``",
        "BUILT_FROM=0123456789abcdef0123456789abcdef01234567 | ``",
        "HOST=db-prod-01.eu-west-1.platform.example | ``",
        "FOLDER=/srv/Platform2/data/Uploads/2026 | ``",
        "ZONE=Europe/Berlin | ``",
        "MAILS=ops2@platform.example,dev@platform.example | ``",
        "STARTS=2026-01-01T00:00:00Z | ``",
        "not an assignment | ``"
      })
  void knowsThemByTheirNamesInAddressesAndByTheirLooks(String line, String secrets) {
    assertThat(EnvironmentSecrets.in("A=1\n" + line + "\nB=2\n", Set.of("TAG")))
        .containsExactlyElementsOf(
            Arrays.stream(secrets.split(",", -1))
                .filter(each -> !each.isEmpty())
                .map(Secret::of)
                .toList());
  }

  @Test
  void readsTheLineAfterAByteOrderMark() {
    assertThat(EnvironmentSecrets.in("\uFEFFPASSWORD=swordfish\n", Set.of()))
        .containsExactly(Secret.of("swordfish"));
  }

  @Test
  void readsLinesThatEndAsOnWindowsAndValuesOfSeveralLines() {
    assertThat(
            EnvironmentSecrets.in(
                "PASSWORD=swordfish\r\nPRIVATE_KEY=\"first line\nsecond line\"\nTOKEN=\"one line\\nand another\"",
                Set.of()))
        .containsExactlyElementsOf(
            List.of(
                Secret.of("swordfish"),
                Secret.of("first line\nsecond line"),
                Secret.of("one line\\nand another"),
                Secret.of("one line\nand another")));
  }

  /** Of a CI job's variables most look made by a machine: commits, ids, paths. */
  @Test
  void knowsThoseOfAProcessByNameAndInAddressesOnly() {
    assertThat(
            EnvironmentSecrets.of(
                Map.of(
                    "SENTRY_AUTH_TOKEN", "swordfish",
                    "CI_REPOSITORY_URL", "https://gitlab-ci-token:sesame@git.example/p.git",
                    "CI_JOB_TOKEN", "short",
                    "CI_COMMIT_SHA", "0123456789abcdef0123456789abcdef01234567",
                    "CI_RUNNER_ID", "9f86d081884c7d65")))
        .containsExactlyInAnyOrder(Secret.of("swordfish"), Secret.of("sesame"));
  }
}
