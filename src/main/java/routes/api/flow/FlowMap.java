package routes.api.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sources → {@code ops.>} → subjects → hooks → endpoints, each with what went through. However many hooks there are, it
 * stays small: the busiest are shown one by one, the others together for each subject.
 *
 * @param hooksLeftOut hooks that have no node of their own
 */
record FlowMap(List<Node> nodes, List<Edge> edges, int hooksLeftOut) {

    static final int MOST_OF_A_KIND = 200;
    private static final String ALL = "subject:ops.>";
    private static final Comparator<FlowHook> BUSIEST =
            Comparator.comparingLong(FlowHook::matched).reversed().thenComparing(FlowHook::id);

    /** @param kind {@code source}, {@code subject}, {@code hook} or {@code endpoint} */
    record Node(String id, String kind, String label, long count) {}

    record Edge(String from, String to, long count) {}

    /**
     * @param sources events by where they came from
     * @param routed events that were decided for all hooks
     */
    static FlowMap of(Map<String, Long> sources, long routed, List<FlowHook> hooks) {
        Drawing drawing = new Drawing();
        drawing.node(ALL, "subject", "ops.>", routed);
        sources.forEach((source, count) -> {
            drawing.node("source:" + source, "source", source, count);
            drawing.edge("source:" + source, ALL, count);
        });
        List<FlowHook> busiest = hooks.stream().sorted(BUSIEST).toList();
        Set<String> subjects = first(busiest, FlowHook::subject);
        Set<String> endpoints = first(busiest, FlowHook::endpoint);
        for (FlowHook hook : busiest) {
            String subject = drawing.subject(subjects.contains(hook.subject()) ? hook.subject() : null, hook);
            String node = drawing.hook(subject, hook);
            String endpoint = drawing.endpoint(endpoints.contains(hook.endpoint()) ? hook.endpoint() : null, hook);
            drawing.edge(subject, node, hook.matched());
            drawing.edge(node, endpoint, hook.delivered());
        }
        return new FlowMap(drawing.nodes(), drawing.edges(), Math.max(0, hooks.size() - MOST_OF_A_KIND));
    }

    private static Set<String> first(List<FlowHook> hooks, Function<FlowHook, String> property) {
        return hooks.stream()
                .map(property)
                .distinct()
                .limit(MOST_OF_A_KIND)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static final class Drawing {

        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Map<List<String>, Edge> edges = new LinkedHashMap<>();
        private final Map<String, Integer> together = new HashMap<>();
        private int hooks;

        void node(String id, String kind, String label, long count) {
            nodes.merge(
                    id, new Node(id, kind, label, count), (old, more) -> new Node(id, kind, label, old.count + count));
        }

        void edge(String from, String to, long count) {
            edges.merge(
                    List.of(from, to), new Edge(from, to, count), (old, more) -> new Edge(from, to, old.count + count));
        }

        /** @param subject null: one of those that are shown together */
        String subject(String subject, FlowHook hook) {
            String id = "subject:" + (subject == null ? "" : subject);
            if (!id.equals(ALL)) {
                node(id, "subject", subject == null ? "other subjects" : subject, hook.matched());
                edge(ALL, id, hook.matched());
            }
            return id;
        }

        String hook(String subject, FlowHook hook) {
            boolean alone = ++hooks <= MOST_OF_A_KIND;
            String id = alone ? "hook:" + hook.id() : "hooks:" + subject;
            node(id, "hook", alone ? hook.id() : together.merge(id, 1, Integer::sum) + " more", hook.matched());
            return id;
        }

        String endpoint(String endpoint, FlowHook hook) {
            String id = "endpoint:" + (endpoint == null ? "" : endpoint);
            node(id, "endpoint", endpoint == null ? "other endpoints" : endpoint, hook.delivered());
            return id;
        }

        List<Node> nodes() {
            return new ArrayList<>(nodes.values());
        }

        List<Edge> edges() {
            return new ArrayList<>(edges.values());
        }
    }
}
