package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a signal does while a question is open, by a process that does not end. */
class InterruptionTest {

  private final List<Integer> halted = new ArrayList<>();
  private final Interruption interruption = new Interruption(Thread.currentThread(), halted::add);

  private Optional<String> typedAfterASignal() {
    interruption.onShutdown();
    return Optional.of("yes");
  }

  @Test
  void endsAtOnceWhileAQuestionIsOpen() {
    assertThat(Interruption.answer(this::typedAfterASignal)).contains("yes");

    assertThat(halted).containsExactly(ExitCode.REFUSED.status());
  }

  @Test
  void takesNoAnswerThatASignalCameWith() {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                Interruption.answer(
                    () -> {
                      Thread.currentThread().interrupt();
                      return Optional.of("yes");
                    }));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what()).contains("nothing was changed");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void doesNothingOnceTheCommandHasEnded() {
    interruption.finished(ExitCode.SUCCESS.status());

    interruption.onShutdown();

    assertThat(halted).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
