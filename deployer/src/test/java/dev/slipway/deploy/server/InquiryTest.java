package dev.slipway.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InquiryTest {

  private final CountDownLatch begun = new CountDownLatch(2);
  private final CountDownLatch givenUp = new CountDownLatch(1);

  /** Answers when two questions are asked at the same time, and never otherwise. */
  private String together() {
    begun.countDown();
    try {
      begun.await();
      return "asked together";
    } catch (InterruptedException interrupt) {
      givenUp.countDown();
      throw new IllegalStateException(interrupt);
    }
  }

  @Test
  void asksAtTheSameTime() {
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<String> one = inquiry.ask(this::together);
      Supplier<String> other = inquiry.ask(this::together);

      assertThat(one.get()).isEqualTo("asked together");
      assertThat(other.get()).isEqualTo("asked together");
    }
  }

  @Test
  void throwsWhatAQuestionThrewAndGivesTheOthersUp() {
    SlipwayException refusal = SlipwayException.refused("No.", "Ask another.");
    Supplier<String> refused =
        () -> {
          throw refusal;
        };

    assertThatThrownBy(
            () -> {
              try (Inquiry inquiry = new Inquiry()) {
                inquiry.ask(this::together);
                inquiry.ask(refused).get();
              }
            })
        .isSameAs(refusal);
    assertThat(givenUp.getCount()).isZero();
  }

  @Test
  void endsWithTheInterruptOfWhoWaits() {
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<String> never = inquiry.ask(this::together);
      Thread.currentThread().interrupt();

      assertThatThrownBy(never::get)
          .isInstanceOf(SlipwayException.class)
          .hasMessageStartingWith("Interrupted while looking at the server.");
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(givenUp.getCount()).isZero();
  }
}
