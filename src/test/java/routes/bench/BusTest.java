package routes.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.Streams;

class BusTest {

    @Test
    void whatAMeasurementNeedsIsWaitedForAndNamedWhenItDoesNotCome(@TempDir Path store) throws Exception {
        try (Bus bus = new Bus(store)) {
            assertThatThrownBy(() -> bus.awaitDone("late", Duration.ofMillis(200)))
                    .isInstanceOf(BenchFailure.class)
                    .hasMessageContaining("there is no consumer late of stream ops");
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
                try {
                    bus.awaitDone("late", Duration.ofMinutes(1));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            bus.management()
                    .addOrUpdateConsumer(
                            Streams.OPS,
                            ConsumerConfiguration.builder()
                                    .durable("late")
                                    .ackPolicy(AckPolicy.Explicit)
                                    .build());
            waiting.join();
        }
    }

    @Test
    void aServerThatCantAnswerYetIsAskedAgainAndAFailureOfTheBenchIsNot() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Needed.await("answer", Duration.ofMinutes(1), () -> {
            if (asked.incrementAndGet() < 3) {
                throw new java.io.IOException("not yet");
            }
            return true;
        });
        assertThat(asked).hasValue(3);
        assertThatThrownBy(() -> Needed.await("answer", Duration.ofMillis(50), () -> {
                    throw new java.io.IOException("not yet");
                }))
                .hasMessageContaining("there is no answer: not yet");
        assertThatThrownBy(() -> Needed.await("answer", Duration.ofMinutes(1), () -> {
                    throw new BenchFailure("opsbus ended");
                }))
                .hasMessage("opsbus ended");
    }
}
