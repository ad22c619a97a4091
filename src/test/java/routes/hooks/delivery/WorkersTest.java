package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    void noMoreRunAtTheSameTimeThanAllowedAndNoneIsForgotten() throws InterruptedException {
        int tasks = 20_000;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostSeen = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(tasks);
        try (Workers workers = new Workers(4)) {
            for (int i = 0; i < tasks; i++) {
                workers.start(() -> {
                    mostSeen.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    done.countDown();
                });
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(mostSeen.get()).isBetween(1, 4);
    }

    @Test
    void aTaskThatFailsTakesNoWorkerWithIt() throws InterruptedException {
        Semaphore done = new Semaphore(0);
        try (Workers workers = new Workers(1)) {
            for (int i = 0; i < 3; i++) {
                workers.start(() -> {
                    done.release();
                    throw new IllegalStateException("on purpose");
                });
            }
            assertThat(done.tryAcquire(3, 60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
