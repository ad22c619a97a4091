package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamOptions;
import io.nats.client.Options;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class NatsHealthTest {

    private static final int CONSUMERS = 5;

    @TempDir
    Path store;

    @Test
    void aServerThatDoesNotAnswerIsSaidWithinThreeSecondsHoweverManyAskIt() throws Exception {
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus();
                CamelContext camel = new DefaultCamelContext()) {
            Streams streams = new Streams(bus, JetStreamEndsTest.shape());
            streams.ensure();
            camel.addComponent("nats", new OpsNatsComponent(bus, streams));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    for (int i = 0; i < CONSUMERS; i++) {
                        from("nats:ops.>?jetstreamEnabled=true&jetstreamName=ops&durableName=durable-" + i)
                                .routeId("in-" + i)
                                .to("log:in?level=OFF");
                    }
                }
            });
            camel.start();
            NatsHealth health = new NatsHealth(bus, camel);
            await().until(() -> health.health().getStatus().equals(Status.UP));
            assertThat(health.health().getDetails())
                    .containsEntry("connection", "connected")
                    .containsEntry("durable-0", 0L)
                    .hasSize(1 + CONSUMERS);

            try (AutoCloseable frozen = server.frozen()) {
                long before = System.nanoTime();
                Health now = health.health();
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
                assertThat(now.getStatus()).isEqualTo(Status.DOWN);
                assertThat(now.getDetails()).containsEntry("durable-4", "can't be read: NATS does not answer in time");
                assertThat(now.getDetails().get("durable-0"))
                        .asString()
                        .isEqualTo("can't be read: NATS does not answer in time");
                assertThatThrownBy(streams::ensure)
                        .hasMessageStartingWith("NATS does not answer, not even a ping")
                        .hasMessageNotContaining("account");
            }
            await().until(() -> health.health().getStatus().equals(Status.UP));
        }
    }

    /** The connection was not lost: it was cut here, since the server answers nothing. */
    @Test
    void theLogSaysThatItDoesNotAnswer(CapturedOutput log) throws Exception {
        JetStreamOptions jetStream =
                JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(1)).build();
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = new NatsBus(
                        () -> new Options.Builder().server(server.url()), jetStream, Duration.ofMillis(100))) {
            bus.start();
            await().until(bus::isConnected);
            try (AutoCloseable frozen = server.frozen()) {
                await().until(() -> !bus.isConnected());
                assertThat(bus.trouble())
                        .isEqualTo(
                                server.url()
                                        + " takes connections and answers nothing, not even a ping: it may be frozen or overloaded");
            }
            await().until(bus::isConnected);
            assertThat(log.getAll())
                    .containsOnlyOnce(
                            " answers nothing, not even a ping: it may be frozen or overloaded; connecting anew")
                    .doesNotContain("is lost");
        }
    }
}
