package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TailConsumerTest extends RouteOnNats {

    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private final List<Long> arrived = new CopyOnWriteArrayList<>();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("nats:ops.>?jetstreamEnabled=true&jetstreamName=ops")
                        .routeId("tail")
                        .autoStartup(false)
                        .process(TailConsumerTest.this::take);
            }
        };
    }

    @BeforeEach
    void publishSome() {
        publish(5);
    }

    private void take(Exchange exchange) {
        arrived.add(StoredMessage.of(exchange).sequence());
        if (exchange.getMessage().getBody(String.class).equals("bad")) {
            throw new IllegalStateException("can't be shown");
        }
    }

    private void publish(String body) {
        bus.publish("ops.x", new Headers(), body.getBytes(StandardCharsets.UTF_8))
                .join();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            publish("x");
        }
    }

    private void startRoute() throws Exception {
        context.getRouteController().startRoute("tail");
    }

    private TailConsumer tailConsumer() {
        return (TailConsumer) context.getRoute("tail").getConsumer();
    }

    private static List<Long> sequences(long from, long to) {
        List<Long> all = new ArrayList<>();
        for (long i = from; i <= to; i++) {
            all.add(i);
        }
        return all;
    }

    @Test
    void itStartsBehindTheNewestMessageAndLeavesNothingOnTheServer() throws Exception {
        startRoute();
        assertThat(tailConsumer().startedBehind()).isEqualTo(5);
        publish(1_200);
        await().until(() -> arrived.equals(sequences(6, 1_205)));
        assertThat(bus.management().getConsumerNames("ops")).hasSize(1);
        assertThat(bus.management()
                        .getConsumers("ops")
                        .get(0)
                        .getConsumerConfiguration()
                        .getInactiveThreshold())
                .isPositive();
    }

    @Test
    void aStoppedRouteStartsBehindTheNewestMessageAgain() throws Exception {
        startRoute();
        context.getRouteController().stopRoute("tail");
        publish(3);
        startRoute();
        publish(1);
        await().until(() -> arrived.equals(List.of(9L)));
    }

    @Test
    void whatFailsIsNotRepeated() throws Exception {
        startRoute();
        publish("bad");
        publish("good");
        await().until(() -> arrived.equals(List.of(6L, 7L)));
    }

    @Test
    void aConsumerThatIsGoneIsReplacedAndNothingIsMissing() throws Exception {
        startRoute();
        publish(1);
        await().until(() -> arrived.size() == 1);
        for (String name : bus.management().getConsumerNames("ops")) {
            bus.management().deleteConsumer("ops", name);
        }
        publish(10);
        await().atMost(RECOVERY).until(() -> arrived.equals(sequences(6, 16)));
    }

    @Test
    void aRestartOfTheServerAndABrokenConnectionLoseNothing() throws Exception {
        startRoute();
        publish(10);
        await().until(() -> arrived.size() == 10);
        bus.connection().forceReconnect();
        await().atMost(RECOVERY).until(bus::isConnected);
        publish(10);
        server.stop();
        await().until(() -> !bus.isConnected());
        server.start();
        await().atMost(RECOVERY).ignoreExceptions().until(() -> {
            publish(1);
            return true;
        });
        publish(10);
        long last = bus.management().getStreamInfo("ops").getStreamState().getLastSequence();
        await().atMost(RECOVERY).untilAsserted(() -> assertThat(arrived).isEqualTo(sequences(6, last)));
    }

    @Test
    void aStreamThatWasMadeAnewIsReadFromItsFirstMessage() throws Exception {
        startRoute();
        publish(1);
        await().until(() -> arrived.size() == 1);
        bus.management().deleteStream("ops");
        streams.ensure();
        publish(2);
        await().atMost(RECOVERY).until(() -> arrived.equals(List.of(6L, 1L, 2L)));
    }

    @Test
    void itDoesNotStartWithoutNats() throws Exception {
        server.stop();
        await().until(() -> !bus.isConnected());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(this::startRoute))
                .hasStackTraceContaining("NATS is not connected");
        server.start();
        await().atMost(RECOVERY).ignoreExceptions().until(() -> {
            startRoute();
            return true;
        });
        publish(1);
        await().atMost(RECOVERY).until(() -> arrived.equals(List.of(6L)));
    }
}
