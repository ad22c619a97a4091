package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.MessageInfo;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever an endpoint does, a delivery arrives there or is in the dead letters with its reason; its attempts are
 * numbered and carry one id.
 */
class EndpointTroubleTest extends EndToEnd {

    private static final Duration LONG = Duration.ofMinutes(2);

    @BeforeAll
    static void start() throws Exception {
        opsbus.with(
                        "--opsbus.delivery.retry-levels=200ms,500ms,1s,2s",
                        "--opsbus.hooks.settle=100ms",
                        "--opsbus.hooks.poll=50ms",
                        "--opsbus.http.response-timeout=1s",
                        "--opsbus.http.connect-timeout=1s")
                .start();
    }

    private static void runHook(String name, String url) throws Exception {
        opsbus.hook(name + ".yaml", HooksEndToEndTest.hook(name, "webhook", "ops.trouble." + name, url, ""));
        await().atMost(LONG).until(() -> opsbus.logText().contains("hook e2e/" + name + " runs: "));
    }

    private static void publish(String name, int from, int to) {
        IntStream.range(from, to)
                .mapToObj(i -> Events.publish(bus, name + "-" + i, "ops.trouble." + name, "Reason", "event " + i))
                .toList()
                .forEach(stored -> stored.join());
    }

    private static List<String> ids(String name, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> name + "-" + i + "/e2e/" + name)
                .toList();
    }

    /** The attempts that reached a path by webhook-id, in the order they came. */
    private static Map<String, List<Integer>> attempts(String path) {
        return Stream.concat(inbox.refused(path).stream(), inbox.taken(path).stream())
                .sorted(Comparator.comparingLong(Inbox.Request::at))
                .collect(Collectors.groupingBy(
                        Inbox.Request::id,
                        TreeMap::new,
                        Collectors.mapping(EndpointTroubleTest::attempt, Collectors.toList())));
    }

    private static int attempt(Inbox.Request request) {
        return Integer.parseInt(request.headers().get("Opsbus-Attempt"));
    }

    @Test
    void anEndpointThatWasDownForTheFirstHalfGetsBothHalves() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        runHook("down", "http://127.0.0.1:" + port + "/down");
        publish("down", 0, 100);
        await().atMost(LONG)
                .until(() ->
                        opsbus.metric("opsbus_hook_attempts_failed_total", "hook=\"e2e/down\"", "reason=\"connect\"")
                                >= 100);
        try (Inbox late = new Inbox(port)) {
            publish("down", 100, 200);
            await().atMost(LONG).until(() -> late.taken("/down").size() >= 200);
            assertThat(late.taken("/down"))
                    .extracting(Inbox.Request::id)
                    .containsExactlyInAnyOrderElementsOf(ids("down", 0, 200));
            assertThat(late.taken("/down").stream()
                            .filter(request -> ids("down", 0, 100).contains(request.id())))
                    .extracting(EndpointTroubleTest::attempt)
                    .anyMatch(attempt -> attempt > 1);
        }
    }

    @Test
    void aBurstThatIsRefusedDoesNotWaitOnTheRetryLadder() throws Exception {
        inbox.on("/refuses", Inbox.Behaviour.status(404));
        runHook("refuses", inbox.url("/refuses"));
        publish("refuses", 0, 1_000);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        opsbus.metric("opsbus_hook_dead_lettered_total", "hook=\"e2e/refuses\"", "reason=\"http-404\"")
                                >= 1_000);
        assertThat(inbox.refused("/refuses")).hasSize(1_000);
    }

    @Test
    void everyEventArrivesOrIsADeadLetterWithItsReason() throws Exception {
        Map<Integer, Inbox.Behaviour> troubles = Map.of(
                1, Inbox.Behaviour.status(500),
                2, new Inbox.Behaviour.Reset(),
                3, new Inbox.Behaviour.Hang(),
                4, Inbox.Behaviour.status(429, "Retry-After: 1"),
                5, Inbox.Behaviour.status(404),
                6, Inbox.Behaviour.status(302, "Location: " + inbox.url("/elsewhere")));
        inbox.on("/mixed", request -> {
            int kind = number(request) % 7;
            boolean again = attempt(request) > (kind == 3 ? 1 : 2);
            return kind == 0 || again ? Inbox.Behaviour.ok() : troubles.get(kind);
        });
        runHook("mixed", inbox.url("/mixed"));
        publish("mixed", 0, 70);
        await().atMost(LONG)
                .until(() -> inbox.taken("/mixed").size()
                                + DeadLetters.of(bus, "e2e.mixed").size()
                        >= 70);

        Map<String, String> ends = new TreeMap<>();
        inbox.taken("/mixed").forEach(request -> ends.merge(request.id(), "taken", String::concat));
        for (MessageInfo letter : DeadLetters.of(bus, "e2e.mixed")) {
            assertThat(letter.getHeaders().getFirst("Opsbus-Status"))
                    .isEqualTo(letter.getHeaders().getFirst("Opsbus-Reason").replace("http-", ""));
            ends.merge(
                    letter.getHeaders().getFirst("Opsbus-Event") + "/e2e/mixed",
                    letter.getHeaders().getFirst("Opsbus-Reason"),
                    String::concat);
        }
        assertThat(ends).hasSize(70);
        ends.forEach((id, end) -> assertThat(end)
                .as(id)
                .isEqualTo(
                        switch (number(id) % 7) {
                            case 5 -> "http-404";
                            case 6 -> "http-302";
                            default -> "taken";
                        }));
        attempts("/mixed")
                .forEach((id, numbers) -> assertThat(numbers)
                        .as("attempts of " + id)
                        .isEqualTo(
                                switch (number(id) % 7) {
                                    case 0, 5, 6 -> List.of(1);
                                    case 3 -> List.of(1, 2);
                                    default -> List.of(1, 2, 3);
                                }));
        assertThat(inbox.taken("/elsewhere")).isEmpty();
        for (String reason : List.of("http-500", "http-429", "io", "timeout")) {
            assertThat(opsbus.metric(
                            "opsbus_hook_attempts_failed_total", "hook=\"e2e/mixed\"", "reason=\"" + reason + "\""))
                    .as(reason)
                    .isEqualTo(reason.equals("timeout") ? 10 : 20);
        }
    }

    private static int number(Inbox.Request request) {
        return number(request.id());
    }

    private static int number(String deliveryId) {
        return Integer.parseInt(deliveryId.substring(deliveryId.indexOf('-') + 1, deliveryId.indexOf('/')));
    }

    @Test
    void oneDeliverySurvivesEveryTroubleInTurn() throws Exception {
        List<Inbox.Behaviour> troubles = List.of(
                Inbox.Behaviour.status(500),
                new Inbox.Behaviour.Reset(),
                new Inbox.Behaviour.Hang(),
                Inbox.Behaviour.status(429, "Retry-After: soon"),
                Inbox.Behaviour.status(503),
                Inbox.Behaviour.status(408),
                Inbox.Behaviour.status(425));
        inbox.on(
                "/turns",
                request ->
                        attempt(request) > troubles.size() ? Inbox.Behaviour.ok() : troubles.get(attempt(request) - 1));
        runHook("turns", inbox.url("/turns"));
        publish("turns", 0, 1);
        await().atMost(LONG).until(() -> inbox.taken("/turns").size() == 1);
        assertThat(attempts("/turns")).isEqualTo(Map.of("turns-0/e2e/turns", List.of(1, 2, 3, 4, 5, 6, 7, 8)));
    }

    @Test
    void theNextAttemptIsNotEarlierThanRetryAfterInSeconds() throws Exception {
        theNextAttemptIsNotEarlierThan("seconds", now -> now.plusSeconds(3), wait -> "3");
    }

    @Test
    void theNextAttemptIsNotEarlierThanRetryAfterAsADate() throws Exception {
        theNextAttemptIsNotEarlierThan(
                "date",
                now -> now.plusSeconds(5).truncatedTo(ChronoUnit.SECONDS),
                then -> DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.ofInstant(then, ZoneOffset.UTC)));
    }

    private void theNextAttemptIsNotEarlierThan(
            String name, Function<Instant, Instant> then, Function<Instant, String> retryAfter) throws Exception {
        Map<String, Instant> earliest = new ConcurrentHashMap<>();
        List<String> early = new CopyOnWriteArrayList<>();
        inbox.on("/" + name, request -> {
            Instant now = Instant.now();
            Instant asked = earliest.putIfAbsent(request.id(), then.apply(now));
            if (asked == null) {
                return Inbox.Behaviour.status(429, "Retry-After: " + retryAfter.apply(earliest.get(request.id())));
            }
            if (now.isBefore(asked)) {
                early.add(request.id() + " came at " + now + ", before " + asked);
            }
            return Inbox.Behaviour.ok();
        });
        runHook(name, inbox.url("/" + name));
        publish(name, 0, 5);
        await().atMost(LONG).until(() -> inbox.taken("/" + name).size() == 5);
        assertThat(early).isEmpty();
        assertThat(attempts("/" + name).values()).allMatch(List.of(1, 2)::equals);
    }
}
