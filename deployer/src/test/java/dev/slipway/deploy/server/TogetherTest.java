package dev.slipway.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TogetherTest {

  @Test
  void bothAreAtWorkAtOnce() {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);

    Together.run(() -> meet(first, second), () -> meet(second, first));

    assertThat(first.getCount() + second.getCount()).isZero();
  }

  @Test
  void aFailureOfTheFirstWaitsForTheSecond() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch failing = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                Together.run(
                    () -> {
                      failing.countDown();
                      throw SlipwayException.refused("No.", "Ask again.");
                    },
                    () -> {
                      await(failing);
                      ended.set(true);
                    }))
        .hasMessageContaining("No.");

    assertThat(ended).isTrue();
  }

  @Test
  void aFailureOfTheSecondIsTold() {
    assertThatThrownBy(
            () ->
                Together.run(
                    () -> {},
                    () -> {
                      throw SlipwayException.refused("Not that either.", "Ask again.");
                    }))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("Not that either.");
  }

  @Test
  void anInterruptDoesNotCutTheSecondShort() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch interrupted = new CountDownLatch(1);

    Together.run(
        () -> {
          Thread.currentThread().interrupt();
          interrupted.countDown();
        },
        () -> {
          await(interrupted);
          ended.set(!Thread.currentThread().isInterrupted());
        });

    assertThat(ended).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void meet(CountDownLatch own, CountDownLatch other) {
    own.countDown();
    await(other);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
