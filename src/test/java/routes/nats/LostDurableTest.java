package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A durable that an administrator deletes, or that its server loses, in a stream that keeps what was handled. */
@ExtendWith(OutputCaptureExtension.class)
class LostDurableTest extends RouteOnNats {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEY = "position.ops.router";

    private KeyValueState state;
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("nats:ops.>?jetstreamEnabled=true&jetstreamName=ops&durableName=router&nackWait=100")
                        .routeId("in")
                        .process(exchange -> {
                            String body = exchange.getMessage().getBody(String.class);
                            if (failing.contains(body)) {
                                throw new IllegalStateException("not now");
                            }
                            arrived.add(body);
                        });
            }
        };
    }

    @BeforeEach
    void openState() {
        state = new KeyValueState(bus, JetStreamEndsTest.shape());
    }

    private void send(int from, int to) {
        IntStream.rangeClosed(from, to)
                .forEach(i -> bus.publish(
                                "ops.x", new Headers(), Integer.toString(i).getBytes(StandardCharsets.UTF_8))
                        .join());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    private void awaitPosition(long sequence) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> state.get(KEY).orElse("").endsWith(" " + sequence));
    }

    @Test
    void goesOnWhereItWas(CapturedOutput output) throws Exception {
        send(1, 10);
        awaitPosition(10);
        bus.management().deleteConsumer("ops", "router");
        send(11, 20);
        await().atMost(PATIENCE).until(() -> arrived.contains("20"));
        awaitPosition(20);
        assertThat(arrived).containsExactlyElementsOf(numbers(1, 20));
        assertThat(output)
                .contains("consumer router of stream ops was deleted or lost: made anew, it goes on behind message 10");

        bus.management().deleteConsumer("ops", "router"); // one that began somewhere, bound again and lost again
        send(21, 30);
        await().atMost(PATIENCE).until(() -> arrived.contains("30"));
        context.getRouteController().stopRoute("in");
        send(31, 40);
        context.getRouteController().startRoute("in");
        await().atMost(PATIENCE).until(() -> arrived.contains("40"));
        assertThat(arrived).containsExactlyElementsOf(numbers(1, 40));
    }

    @Test
    void whatWasNotSettledIsNotPassedOver() throws Exception {
        failing.add("5");
        send(1, 10);
        awaitPosition(4);
        await().atMost(PATIENCE).until(() -> arrived.size() == 9);
        bus.management().deleteConsumer("ops", "router");
        failing.clear();
        await().atMost(PATIENCE).until(() -> arrived.contains("5"));
        assertThat(arrived.subList(0, 4)).containsExactlyElementsOf(numbers(1, 4));
        assertThat(arrived.subList(4, arrived.size()))
                .as("what was settled behind it may come again, what was before it does not")
                .doesNotContainAnyElementsOf(numbers(1, 4))
                .containsAll(numbers(5, 10));
    }

    @Test
    void anotherStreamOfThatNameIsReadFromItsBeginning() throws Exception {
        send(1, 3);
        awaitPosition(3);
        context.getRouteController().stopRoute("in");
        bus.management().deleteStream("ops");
        streams.ensure();
        send(4, 9); // more than were read of the first
        context.getRouteController().startRoute("in");
        await().atMost(PATIENCE).until(() -> arrived.size() >= 9);
        assertThat(arrived).containsExactlyElementsOf(numbers(1, 9));
    }

    @Test
    void soIsOneWhoseNumbersBeganAgainAndOneWhosePositionCanNotBeRead() throws Exception {
        send(1, 3);
        awaitPosition(3);
        for (String kept : List.of(state.get(KEY).orElseThrow().split(" ")[0] + " 999", "what is this", "")) {
            context.getRouteController().stopRoute("in");
            bus.management().deleteConsumer("ops", "router");
            state.put(KEY, kept);
            arrived.clear();
            context.getRouteController().startRoute("in");
            await().atMost(PATIENCE).until(() -> arrived.size() >= 3);
            assertThat(arrived).containsExactlyElementsOf(numbers(1, 3));
            awaitPosition(3);
        }
    }

    @Test
    void aPurgedStreamGoesOnBehind() throws Exception {
        send(1, 10);
        awaitPosition(10);
        context.getRouteController().stopRoute("in");
        bus.management().purgeStream("ops");
        bus.management().deleteConsumer("ops", "router");
        send(11, 12);
        context.getRouteController().startRoute("in");
        await().atMost(PATIENCE).until(() -> arrived.contains("12"));
        assertThat(arrived).containsExactlyElementsOf(numbers(1, 12));
    }
}
