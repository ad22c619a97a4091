package routes.api.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.hooks.HookState;
import routes.hooks.HookStates;

/**
 * Operation {@code flow}. Every source of events counts what it published itself, under
 * {@code opsbus.events.published}; so nothing is counted for this where events are routed.
 */
@Component("flow")
final class Flow extends ApiOperation {

    private static final String OTHERS = "others on NATS";

    private final MeterRegistry metrics;
    private final HookStates states;
    private final AtomicLong others = new AtomicLong();

    Flow(MeterRegistry metrics, HookStates states) {
        this.metrics = metrics;
        this.states = states;
    }

    @Override
    protected Answer answer(ApiRequest request) {
        List<FlowHook> hooks = states.list().stream()
                .filter(HookState::accepted)
                .map(FlowHook::of)
                .toList();
        long routed = metrics.find("opsbus.events.routed").counters().stream()
                .mapToLong(counter -> (long) counter.count())
                .sum();
        FlowMap map = FlowMap.of(sources(routed, hooks), routed, hooks);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode nodes = data.putArray("nodes");
        map.nodes()
                .forEach(node -> nodes.addObject()
                        .put("id", node.id())
                        .put("kind", node.kind())
                        .put("label", node.label())
                        .put("count", node.count()));
        ArrayNode edges = data.putArray("edges");
        map.edges()
                .forEach(edge -> edges.addObject()
                        .put("from", edge.from())
                        .put("to", edge.to())
                        .put("count", edge.count()));
        return Answer.ok(data.put("hooks_left_out", map.hooksLeftOut()));
    }

    private Map<String, Long> sources(long routed, List<FlowHook> hooks) {
        Map<String, Long> sources = new TreeMap<>();
        for (Meter meter : metrics.find("opsbus.events.published").meters()) {
            long count = meter instanceof FunctionCounter counted
                    ? (long) counted.count()
                    : meter instanceof Counter counted ? (long) counted.count() : 0;
            sources.merge(meter.getId().getTag("source"), count, Long::sum);
        }
        long known = sources.values().stream().mapToLong(Long::longValue).sum()
                + hooks.stream()
                        .filter(FlowHook::forwards)
                        .mapToLong(FlowHook::delivered)
                        .sum();
        // events are routed a moment after they are published, and a count must not fall
        long rest = others.accumulateAndGet(routed - known, Math::max);
        if (rest > 0) {
            sources.put(OTHERS, rest);
        }
        return sources;
    }
}
