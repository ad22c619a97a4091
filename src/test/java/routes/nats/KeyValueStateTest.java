package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.nats.client.KeyValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.KeyValueState.Change;

class KeyValueStateTest {

    private static final int REPLICAS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path store;

    private StateServer server;
    private NatsBus bus;
    private KeyValueState state;

    @BeforeEach
    void start() throws Exception {
        server = new StateServer(store);
        bus = server.bus();
        state = server.state();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void beforeAnythingIsStoredNothingHasChanged() throws Exception {
        assertThat(state.changes("paused.", 0)).isEmpty();
    }

    @Test
    void changesAreTheLatestWordOnEachKeyBelowThePrefix() throws Exception {
        state.put("paused.ns.a", "1");
        state.put("other.ns.b", "2");
        state.put("paused.ns.c.d", "3");
        state.put("paused.ns.a", "4");
        assertThat(state.changes("paused.", 0))
                .containsExactly(new Change("paused.ns.c.d", "3", 3), new Change("paused.ns.a", "4", 4));
        assertThat(state.changes("paused.", 4)).isEmpty();
        state.delete("paused.ns.c.d");
        assertThat(state.changes("paused.", 4)).containsExactly(new Change("paused.ns.c.d", null, 5));
        assertThat(state.get("paused.ns.c.d")).isEmpty();
        state.delete("paused.never");
    }

    @Test
    void whatIsDeletedByHandIsAChangeToo() throws Exception {
        state.put("paused.ns.a", "1");
        KeyValue byHand = bus.connection().keyValue("opsbus");
        byHand.purge("paused.ns.a");
        assertThat(state.changes("paused.", 1))
                .extracting(Change::key, Change::value)
                .containsExactly(tuple("paused.ns.a", null));
    }

    @Test
    void ofManyThatCreateAKeyAtTheSameTimeOneSucceeds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(REPLICAS);
        try {
            for (int round = 0; round < 10; round++) {
                String key = "token/" + round;
                List<Callable<Boolean>> attempts = IntStream.range(0, REPLICAS)
                        .<Callable<Boolean>>mapToObj(replica ->
                                () -> new KeyValueState(bus, JetStreamEndsTest.shape()).create(key, "by " + replica))
                        .toList();
                List<Integer> made = new ArrayList<>();
                for (Future<Boolean> one : threads.invokeAll(attempts)) {
                    made.add(one.get() ? 1 : 0);
                }
                assertThat(made).containsOnlyOnce(1);
                assertThat(state.get(key)).contains("by " + made.indexOf(1));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Who keeps a position does it each second. */
    @Test
    void whetherTheBucketIsThereIsAskedOnceUntilItIsMissing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        state.put("key", "");
        bus.connection()
                .createDispatcher()
                .subscribe("$JS.API.STREAM.INFO.KV_opsbus", message -> asked.incrementAndGet());
        bus.connection().flush(PATIENCE);
        for (int i = 0; i < 10; i++) {
            state.put("key", "" + i);
            assertThat(state.get("key")).contains("" + i);
        }
        assertThat(state.create("key", "other")).isFalse();
        bus.connection().flush(PATIENCE);
        assertThat(asked).hasValue(0);

        bus.connection().keyValueManagement().delete("opsbus");
        assertThat(state.get("key")).isEmpty();
        bus.connection().keyValueManagement().delete("opsbus");
        state.put("key", "anew");
        assertThat(state.get("key")).contains("anew");
        bus.connection().keyValueManagement().delete("opsbus");
        assertThat(state.create("key", "anew")).isTrue();
        bus.connection().keyValueManagement().delete("opsbus");
        state.delete("key");
    }

    /** A user who may use the bucket may not list all streams, of which an account can have many. */
    @Test
    void theListOfAllStreamsIsNotAskedFor() throws Exception {
        try (NatsServer restricted = new NatsServer(
                        store.resolve("restricted"),
                        "no_auth_user: app",
                        "authorization { users = [ { user: app, password: app, permissions: { publish: { deny: [\"$JS.API.STREAM.NAMES\", \"$JS.API.STREAM.LIST\"] } } } ] }");
                NatsBus itsBus = restricted.bus()) {
            KeyValueState itsState = new KeyValueState(itsBus, JetStreamEndsTest.shape());
            assertThat(itsState.changes("paused.", 0)).isEmpty();
            itsState.put("paused.ns.a", "1");
            assertThat(itsState.get("paused.ns.a")).contains("1");
        }
    }
}
