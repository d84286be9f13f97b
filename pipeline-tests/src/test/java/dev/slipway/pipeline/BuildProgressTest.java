package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuildProgressTest {

  private final List<Runnable> waiting = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final BuildProgress progress = new BuildProgress("backend", told::add, waiting::add);

  private void say(String... lines) {
    List.of(lines).forEach(progress);
  }

  private void someSecondsPass() {
    List<Runnable> due = List.copyOf(waiting);
    waiting.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void staysQuietForStepsThatAreCachedOrShort() {
    say(
        "#1 [internal] load build definition from Dockerfile",
        "#1 transferring dockerfile: 1.2kB done",
        "#1 DONE 0.0s",
        "#5 [build 2/4] WORKDIR /app",
        "#5 CACHED",
        "#6 [build 3/4] RUN pip install",
        "#6 CACHED");

    someSecondsPass();

    assertThat(told).isEmpty();
    assertThat(waiting).as("nothing more to look at").isEmpty();
  }

  @Test
  void tellsOfAStepThatTakesAWhileAndWhatItSaidLast() {
    say("#7 [build 4/4] RUN pip install --require-hashes -r requirements.txt");
    someSecondsPass();
    someSecondsPass();
    say("#7 5.123 Collecting fastapi", "#7 6.1 Collecting alembic");
    someSecondsPass();
    say("#7 12.0 Installing", "#7 DONE 12.3s");
    someSecondsPass();

    assertThat(told)
        .containsExactly(
            "backend: [build 4/4] RUN pip install --require-hashes -r requirements.txt",
            "backend: [build 4/4] RUN pip install --require-hashes -r requirements.txt: Collecting alembic");
  }

  @Test
  void tellsStepsThatRunSideBySideApart() {
    say("#7 [a 2/2] RUN one", "#7 0.1 first", "#7 ...", "#8 [b 2/2] RUN two");
    say("#8 0.2 second", "#8 ...", "#7 [a 2/2] RUN one");
    someSecondsPass();

    assertThat(told)
        .containsExactly("backend: [a 2/2] RUN one: first", "backend: [b 2/2] RUN two: second");
  }

  @Test
  void followsTheClassicBuilderToo() {
    say("Step 1/3 : FROM scratch", "---> 0123", "Step 2/3 : RUN npm ci", "---> Running in 4567");
    say("added 120 packages");
    someSecondsPass();

    assertThat(told).containsExactly("backend: Step 2/3 : RUN npm ci: added 120 packages");
  }

  @Test
  void cutsLongLines() {
    say("#7 [build 4/4] RUN " + "x".repeat(200));
    someSecondsPass();

    assertThat(told).singleElement().asString().hasSize("backend: ".length() + 100).endsWith("x…");
  }

  @Test
  void fallsSilentWhenTheBuildHasEnded() {
    say("#7 [build 4/4] RUN pip install");
    progress.close();
    someSecondsPass();

    assertThat(told).isEmpty();
    assertThat(waiting).isEmpty();
  }
}
