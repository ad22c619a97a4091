package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.StreamInfoOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import routes.event.OpsEvent;
import routes.nats.NatsBus;

/**
 * Numbered events that flow to hooks, each of which wants its own part of them, and the account of it afterwards: every
 * pair of an event and a hook that wants it has to arrive. Hook number {@code h} of a kind that wants one event in
 * {@code n} wants those whose number leaves the rest {@code h}.
 */
final class Flow {

    private static final int BLOCK = 100;

    private final String prefix;
    private final int events;
    private final List<Want> wants = new ArrayList<>();
    private final StringBuilder hooks = new StringBuilder();

    /** Hook {@code name} wants every event whose number divided by {@code of} leaves {@code rest}. */
    private record Want(String name, boolean forwards, int of, int rest) {

        boolean wants(int number) {
            return number % of == rest;
        }

        /** In the text of each event that this hook wants, and of no other. */
        String keyword() {
            return "rest-" + rest + "-of-" + of + ";";
        }
    }

    Flow(String prefix, int events) {
        this.prefix = prefix;
        this.events = events;
    }

    /**
     * Hooks named {@code kind0} and on, each delivers to a path of its own name, each wants one event in {@code of}.
     */
    Flow webhooks(String kind, int count, int of, Inbox inbox) {
        for (int i = 0; i < count; i++) {
            add("webhook", inbox.url("/" + kind + i), new Want(kind + i, false, of, i));
        }
        return this;
    }

    Flow forwards(String kind, int count, int of) {
        for (int i = 0; i < count; i++) {
            add("event", "ops.forwarded." + prefix + "." + kind + i, new Want(kind + i, true, of, i));
        }
        return this;
    }

    private void add(String type, String url, Want want) {
        wants.add(want);
        hooks.append("---\n")
                .append(HooksEndToEndTest.hook(
                        want.name,
                        type,
                        "ops.clusters.*.nodes.*." + prefix,
                        url,
                        "keywords: {include: ['" + want.keyword() + "']}"));
    }

    /** The EventHooks as one file. */
    String hooks() {
        return hooks.toString();
    }

    int webhookPairs() {
        return pairs(false).size();
    }

    /** {@code {event id}/{hook}} of all that has to arrive. */
    private Set<String> pairs(boolean forwarded) {
        return wants.stream()
                .filter(want -> want.forwards == forwarded)
                .flatMap(want -> IntStream.range(0, events)
                        .filter(want::wants)
                        .mapToObj(number -> prefix + "-" + number + "/e2e/" + want.name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Starts to publish, each event again with the same id until the server has it; the future completes when it has
     * all.
     */
    CompletableFuture<Void> publish(NatsBus bus, int perSecond) {
        return CompletableFuture.runAsync(
                () -> {
                    for (int from = 0; from < events; from += BLOCK) {
                        long started = System.nanoTime();
                        List<Integer> todo = IntStream.range(from, Math.min(events, from + BLOCK))
                                .boxed()
                                .toList();
                        while (!todo.isEmpty()) {
                            todo = notStored(bus, todo);
                            long pace = BLOCK * 1_000L / perSecond - (System.nanoTime() - started) / 1_000_000;
                            sleep(todo.isEmpty() ? Math.max(0, pace) : 200);
                        }
                    }
                },
                task -> new Thread(task, "publisher").start());
    }

    private List<Integer> notStored(NatsBus bus, List<Integer> numbers) {
        ConcurrentLinkedQueue<Integer> missing = new ConcurrentLinkedQueue<>();
        numbers.stream()
                .map(number -> Events.publish(
                                bus,
                                prefix + "-" + number,
                                "ops.clusters.test.nodes.n" + number % 50 + "." + prefix,
                                "NodeNotReady",
                                message(number))
                        .handle((ack, failure) -> failure == null || missing.add(number)))
                .toList()
                .forEach(CompletableFuture::join);
        return List.copyOf(missing);
    }

    private String message(int number) {
        return "this is " + prefix + "-" + number + "; "
                + wants.stream()
                        .filter(want -> want.wants(number))
                        .map(Want::keyword)
                        .distinct()
                        .collect(Collectors.joining(" "));
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A different number for each step of a run, growing, such that all of them are reached: when to do something bad.
     */
    List<Integer> moments(int count, Random random) {
        int step = webhookPairs() / (count + 1);
        return IntStream.range(0, count)
                .mapToObj(i -> i * step + 1 + random.nextInt(step))
                .toList();
    }

    /** Waits until every pair is there. */
    void awaitArrival(Inbox inbox, NatsBus bus, Duration atMost) {
        Set<String> wanted = pairs(false);
        try {
            await().atMost(atMost)
                    .ignoreExceptions()
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> webhookIds(inbox).keySet().containsAll(wanted));
            Set<String> forwards = pairs(true);
            await().atMost(atMost)
                    .ignoreExceptions()
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> forwarded(bus).keySet().containsAll(forwards));
        } catch (ConditionTimeoutException e) {
            wanted.removeAll(webhookIds(inbox).keySet());
            throw new AssertionError(
                    wanted.size() + " webhook deliveries never arrived: "
                            + wanted.stream().limit(20).toList(),
                    e);
        }
    }

    /** Waits until nothing of ours waits in any stream. */
    static void awaitDrain(NatsBus bus, Duration atMost) {
        await().atMost(atMost)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    assertThat(waiting(bus, "opsbus-deliveries"))
                            .as("messages in opsbus-deliveries")
                            .isZero();
                    assertThat(waiting(bus, "opsbus-retries"))
                            .as("messages in opsbus-retries")
                            .isZero();
                    assertThat(waiting(bus, "opsbus-parked"))
                            .as("messages in opsbus-parked")
                            .isZero();
                    assertThat(bus.management()
                                    .getConsumerInfo("ops", "opsbus-router")
                                    .getNumPending())
                            .as("events to route")
                            .isZero();
                    assertThat(bus.management()
                                    .getConsumerInfo("ops", "opsbus-router")
                                    .getNumAckPending())
                            .as("events being routed")
                            .isZero();
                });
    }

    private static long waiting(NatsBus bus, String stream) throws Exception {
        return bus.management().getStreamInfo(stream).getStreamState().getMsgCount();
    }

    /** Deliveries taken, by their webhook-id. */
    Map<String, List<Inbox.Request>> webhookIds(Inbox inbox) {
        return inbox.taken().stream()
                .filter(request -> request.id() != null && request.id().startsWith(prefix + "-"))
                .collect(Collectors.groupingBy(Inbox.Request::id, TreeMap::new, Collectors.toList()));
    }

    /** Events that hooks published again, by their id, with how often each is in the stream. */
    Map<String, Integer> forwarded(NatsBus bus) throws Exception {
        String subject = "ops.forwarded." + prefix + ".>";
        Map<String, Long> counts = bus.management()
                .getStreamInfo("ops", StreamInfoOptions.filterSubjects(subject))
                .getStreamState()
                .getSubjectMap();
        long stored = counts == null
                ? 0
                : counts.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Integer> ids = new TreeMap<>();
        if (stored > 0) {
            JetStreamSubscription all = bus.connection()
                    .jetStream()
                    .subscribe(
                            subject,
                            PushSubscribeOptions.builder().stream("ops")
                                    .ordered(true)
                                    .build());
            for (long i = 0; i < stored; i++) {
                Message message = all.nextMessage(Duration.ofSeconds(10));
                assertThat(message).as("forwarded event " + i + " of " + stored).isNotNull();
                OpsEvent event = OpsEvent.parse(message.getSubject(), message.getData(), "");
                String hook = "e2e/"
                        + message.getSubject().substring(message.getSubject().lastIndexOf('.') + 1);
                assertThat(event.id()).isEqualTo(eventId(event.id()) + "/" + hook);
                assertThat(event.passedHooks()).containsExactly(hook);
                assertThat(event.text()).contains("this is " + eventId(event.id()) + ";");
                ids.merge(event.id(), 1, Integer::sum);
            }
            all.unsubscribe();
        }
        return ids;
    }

    private static String eventId(String deliveryId) {
        return deliveryId.substring(0, deliveryId.indexOf('/'));
    }

    /**
     * Closes the account: all that was wanted arrived, nothing else did, each webhook-id is that of one event and one
     * hook, and no forwarded event is in the stream twice. Prints the counts.
     *
     * @return duplicate deliveries
     */
    int settle(String run, Inbox inbox, NatsBus bus) throws Exception {
        Map<String, List<Inbox.Request>> arrived = webhookIds(inbox);
        Map<String, Integer> forwarded = forwarded(bus);
        int requests = arrived.values().stream().mapToInt(List::size).sum();
        int refused = wants.stream()
                .mapToInt(want -> inbox.refused("/" + want.name).size())
                .sum();
        System.out.printf(
                "%s: %,d events, %d hooks, %,d pairs expected, %,d arrived (%,d delivered, %,d forwarded), %,d duplicates, %,d attempts refused%n",
                run,
                events,
                wants.size(),
                pairs(false).size() + pairs(true).size(),
                arrived.size() + forwarded.size(),
                arrived.size(),
                forwarded.size(),
                requests - arrived.size(),
                refused);
        assertThat(arrived.keySet()).isEqualTo(pairs(false));
        arrived.forEach((id, same) -> same.forEach(request -> {
            assertThat("e2e" + request.path())
                    .as("hook of webhook-id " + id)
                    .isEqualTo(id.substring(id.indexOf('/') + 1));
            assertThat(request.headers().get("Opsbus-Hook")).isEqualTo("e2e" + request.path());
            assertThat(request.body()).as("event of webhook-id " + id).contains("this is " + eventId(id) + ";");
        }));
        assertThat(forwarded.keySet()).isEqualTo(pairs(true));
        assertThat(forwarded.values())
                .as("how often a forwarded event is in the stream")
                .allMatch(count -> count == 1);
        for (Want want : wants) {
            assertThat(DeadLetters.reasons(bus, "e2e." + want.name))
                    .as("dead letters of " + want.name)
                    .isEmpty();
        }
        return requests - arrived.size();
    }

    /** Whether an attempt fails: half of them, each again in the same way in a run with the same seed. */
    static Inbox.Behaviour failingHalfOfTheTime(Inbox.Request request, long seed) {
        long attempt = seed + (request.id() + request.headers().get("Opsbus-Attempt")).hashCode();
        boolean fails = attempt * 0x9E3779B97F4A7C15L
                < 0; // a seed of Random's would give an attempt the fate of the one before
        return fails ? Inbox.Behaviour.status(500) : Inbox.Behaviour.ok();
    }
}
