package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentSecretsTest {

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
        "PASSWORD= | ``",
        "# PASSWORD=swordfish | ``",
        "TAG=swordfish | ``",
        "PUBLIC_URL=https://platform.example/a:b@c | ``",
        "not an assignment | ``"
      })
  void knowsThemByTheirNamesAndInAddresses(String line, String secrets) {
    assertThat(EnvironmentSecrets.in("A=1\n" + line + "\nB=2\n"))
        .containsExactlyElementsOf(
            Arrays.stream(secrets.split(",", -1))
                .filter(each -> !each.isEmpty())
                .map(Secret::of)
                .toList());
  }

  @Test
  void readsLinesThatEndAsOnWindowsAndValuesOfSeveralLines() {
    assertThat(
            EnvironmentSecrets.in(
                "PASSWORD=swordfish\r\nPRIVATE_KEY=\"first line\nsecond line\"\nTOKEN=\"one line\\nand another\""))
        .containsExactlyElementsOf(
            List.of(
                Secret.of("swordfish"),
                Secret.of("first line\nsecond line"),
                Secret.of("one line\\nand another"),
                Secret.of("one line\nand another")));
  }
}
