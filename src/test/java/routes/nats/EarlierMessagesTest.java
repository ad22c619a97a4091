package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

class EarlierMessagesTest extends RouteOnNats {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> arrived = new CopyOnWriteArrayList<>();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("nats:opsbus.retries.>?jetstreamEnabled=true&jetstreamName=opsbus-retries&durableName=level&maxInFlight=50&deliverAfter=600000")
                        .routeId("in")
                        .process(exchange -> arrived.add(exchange.getMessage().getBody(String.class)));
            }
        };
    }

    /** As of a hook that recovers while others, that fail, have filled the level. */
    @Test
    void whatIsBehindThatOfOthersComesAllTheSame() {
        JetStreamConsumer consumer = (JetStreamConsumer) context.getRoute("in").getConsumer();
        send("opsbus.retries.10m.a.b", 1, 300);
        send("opsbus.retries.10m.c.d", 301, 330);
        send("opsbus.retries.10m.a.b", 331, 600);
        send("opsbus.retries.10m.e.f", 601, 630);
        await().atMost(PATIENCE).until(() -> consumer.waitingForTheirTime() == 50);
        for (String subject : List.of("opsbus.retries.10m.e.f", "opsbus.retries.10m.c.d")) {
            await().atMost(PATIENCE).until(() -> {
                consumer.makeRoomFor(subject);
                consumer.handOnEarlier(subject, Long.MAX_VALUE, 1_000);
                return arrived.size() == (subject.contains(".e.f") ? 30 : 60);
            });
        }
        assertThat(arrived)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(numbers(301, 330).stream(), numbers(601, 630).stream())
                                .toList());
        assertThat(consumer.waitingForTheirTime()).isLessThanOrEqualTo(50);
    }

    private void send(String subject, int from, int to) {
        IntStream.rangeClosed(from, to)
                .forEach(i -> bus.publish(
                                subject, new Headers(), Integer.toString(i).getBytes(StandardCharsets.UTF_8))
                        .join());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    /** More than the consumer holds at a time come one after the other; none of them is kept until its time. */
    @Test
    void whatIsWantedEarlierComesInOrderOnceAndIsNotKept() {
        JetStreamConsumer consumer = (JetStreamConsumer) context.getRoute("in").getConsumer();
        send("opsbus.retries.10m.a.b", 1, 200);
        send("opsbus.retries.10m.c.d", 201, 210);
        await().atMost(PATIENCE).until(() -> {
            assertThat(consumer.handOnEarlier("opsbus.retries.10m.a.b", 150, 7)).isLessThanOrEqualTo(7);
            return arrived.size() >= 150;
        });
        assertThat(consumer.handOnEarlier("opsbus.retries.10m.a.b", 150, 7)).isZero();
        assertThat(arrived).isEqualTo(numbers(1, 150));
        await().atMost(PATIENCE).until(() -> {
            consumer.handOnEarlier("opsbus.retries.10m.a.b", Long.MAX_VALUE, 7);
            return arrived.size() == 200;
        });
        assertThat(arrived).isEqualTo(numbers(1, 200));
        await().atMost(PATIENCE).until(() -> consumer.waitingForTheirTime() == 10);
    }
}
