package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeenVersionsTest {

    /** Whatever happens, lists broken off anywhere and watches ended anywhere: each version is handed on just once. */
    @Test
    void eachVersionIsNewOnceAndNothingIsKeptOfThoseThatWereListed() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SeenVersions seen = new SeenVersions();
            Map<String, Event> there = new LinkedHashMap<>();
            Set<String> handedOn = new HashSet<>();
            int version = 100;
            for (int list = 0; list < 8; list++) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    Event event = event("uid-" + random.nextInt(30), ++version);
                    there.put(event.getMetadata().getUid(), event);
                }
                List<Event> page = new ArrayList<>(there.values());
                int read = random.nextBoolean() ? page.size() : random.nextInt(page.size() + 1);
                seen.listing(String.valueOf(version));
                for (Event event : page.subList(0, read)) {
                    boolean isNew = handedOn.add(name(event));
                    assertThat(seen.contains(event))
                            .as("%s, seed %s", name(event), seed)
                            .isEqualTo(!isNew);
                    seen.listed(event);
                }
                if (read < page.size()) {
                    continue;
                }
                seen.listedAll(String.valueOf(version));
                assertThat(seen.kept()).isZero();
                for (int i = random.nextInt(20); i > 0; i--) {
                    Event event = event("uid-" + random.nextInt(30), ++version);
                    there.put(event.getMetadata().getUid(), event);
                    assertThat(seen.contains(event)).isFalse();
                    seen.watched(event);
                    handedOn.add(name(event));
                }
                assertThat(seen.kept()).isZero();
            }
        }
    }

    @Test
    void anApiServerThatWasSetBackIsReadAnew() {
        SeenVersions seen = new SeenVersions();
        seen.listing("5000");
        seen.listedAll("5000");
        assertThat(seen.contains(event("a", 4_000))).isTrue();
        seen.listing("4100");

        assertThat(seen.contains(event("a", 4_000))).isFalse();
    }

    @Test
    void versionsThatAreNoNumbersAreNewEachTime() {
        SeenVersions seen = new SeenVersions();
        Event event = event("a", 1);
        event.getMetadata().setResourceVersion("v1.2");
        seen.listing("v1.3");
        seen.listed(event);
        assertThat(seen.contains(event)).isTrue();
        seen.listedAll("v1.3");

        assertThat(seen.contains(event)).isFalse();
    }

    /** From there a watch begins with all there are, in any order. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "0", "v1.3"})
    void behindAListThatHasNoVersionNothingIsPassedOver(String version) {
        SeenVersions seen = new SeenVersions();
        seen.listing(version);
        seen.listed(event("a", 7));
        seen.listedAll(version);
        seen.watched(event("c", 9));

        assertThat(seen.contains(event("b", 8))).isFalse();
        assertThat(seen.kept()).isZero();
    }

    private static String name(Event event) {
        return event.getMetadata().getUid() + "/" + event.getMetadata().getResourceVersion();
    }

    private static Event event(String uid, int version) {
        return new EventBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withResourceVersion(String.valueOf(version))
                .endMetadata()
                .build();
    }
}
