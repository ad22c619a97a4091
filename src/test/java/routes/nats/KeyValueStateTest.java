package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KeyValueStateTest {

    private static final int REPLICAS = 8;

    @TempDir
    Path home;

    @Test
    void ofManyThatCreateAKeyAtTheSameTimeOneSucceeds() throws Exception {
        StreamsProperties shape = new Binder(new MapConfigurationPropertySource()).bindOrCreate("opsbus.streams", StreamsProperties.class);
        ExecutorService threads = Executors.newFixedThreadPool(REPLICAS);
        try (NatsServer server = new NatsServer(home); NatsBus bus = server.bus()) {
            for (int round = 0; round < 10; round++) {
                String key = "token/" + round;
                List<Callable<Boolean>> attempts = IntStream.range(0, REPLICAS)
                        .<Callable<Boolean>>mapToObj(replica -> () -> new KeyValueState(bus, shape).create(key, "by " + replica)).toList();
                List<Integer> made = new ArrayList<>();
                for (Future<Boolean> one : threads.invokeAll(attempts)) {
                    made.add(one.get() ? 1 : 0);
                }
                assertThat(made).containsOnlyOnce(1);
                assertThat(new KeyValueState(bus, shape).get(key)).contains("by " + made.indexOf(1));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
