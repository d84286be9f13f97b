package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the commands in {@code bin} refuse what they do not know, before they do anything. */
class CommandsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bin/verify nothing | there is no stage 'nothing' | the stages are: lint test images",
        "bin/verify --broken nothing | there is no fault 'nothing' | root-user",
        "bin/verify --platform nowhere | the platform's folder 'nowhere' does not exist | --platform ../platform-v2",
        "bin/verify --platform | the platform's folder '' does not exist | --platform ../platform-v2",
        "bin/verify --release lint | --release takes a complete run | leave out lint",
        "bin/verify --release --broken root-user | --release takes a complete run | leave out --broken",
        "bin/verify --broken root-user lint | --broken runs the stage | leave out lint",
        "bin/verify --platform fixtures/platform --broken root-user | --broken runs the stage | leave out --platform",
        "bin/verify --platform fixtures/platform selftest | selftest proves Slipway's own suites | leave it out",
        "bin/setup --nothing | unknown option --nothing | bin/setup --help",
        "bin/demo --nothing | unknown option --nothing | bin/demo --help",
        "bin/bench nothing | there is no benchmark 'nothing' | there are: deploy, migrations",
        "bin/bench deploy --runs some | --runs needs a number |",
        "bin/sweep --nothing | unknown option --nothing | bin/sweep --help",
      })
  void refuseWhatTheyDoNotKnow(String line, String what, String advice) {
    String[] words = line.split(" ", -1);
    Script script = Script.run(Map.of(), words[0], Arrays.copyOfRange(words, 1, words.length));

    assertThat(script.status()).as(script.text()).isEqualTo(2);
    assertThat(script.text()).contains(what);
    if (advice != null) {
      assertThat(script.text()).contains(advice);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"setup", "verify", "demo", "bench", "sweep"})
  void explainThemselves(String command) {
    Script script = Script.run(Map.of(), "bin/" + command, "--help");

    assertThat(script.status()).as(script.text()).isZero();
    assertThat(script.text()).contains("bin/" + command);
  }
}
