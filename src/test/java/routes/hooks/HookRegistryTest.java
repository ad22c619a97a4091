package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.hooks.spec.Hooks.hook;
import static routes.hooks.spec.Hooks.include;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;
import routes.hooks.spec.Origin;

class HookRegistryTest {

    @Test
    void aFileOfWhichNoHookCanBeToldCountsAsRejectedOnce() {
        HookRegistry registry = new HookRegistry();
        Origin file = new Origin("hooks/a.yaml", 3, 1);
        registry.problems(List.of(
                new HookProblem(file, null, "no name"),
                new HookProblem(file, null, "no subject"),
                new HookProblem(file, "shop/a", "no url")));
        assertThat(registry.rejected()).isEqualTo(2);
    }

    @Test
    void eventsAreDecidedWhileTheNextIndexIsBuilt() throws Exception {
        List<EventHook> hooks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            hooks.add(hook(
                    "h" + i,
                    "ops.clusters.c" + i % 200 + ".>",
                    include(MatchMode.ANY, MatchType.CONTAINS, "failed " + i, "lost " + i)));
        }
        HookRegistry registry = new HookRegistry();
        registry.swap(new HookSet(Map.of(), new HookIndex(hooks), Set.of(), false));
        hooks.add(hook("new", "ops.clusters.c7.>", include(MatchMode.ANY, MatchType.CONTAINS, "new")));
        CompletableFuture<Void> swapped = CompletableFuture.runAsync(
                () -> registry.swap(new HookSet(Map.of(), new HookIndex(hooks), Set.of(), false)));
        int decided = 0;
        while (!swapped.isDone()) {
            assertThat(registry.current().index().matching("ops.clusters.c7.nodes.n.events", () -> "failed 7 times"))
                    .extracting(EventHook::name)
                    .containsExactly("h7");
            decided++;
        }
        swapped.get();
        assertThat(decided).as("events decided meanwhile").isPositive();
        assertThat(registry.current().index().matching("ops.clusters.c7.nodes.n.events", () -> "a new one"))
                .extracting(EventHook::name)
                .containsExactly("new");
    }
}
