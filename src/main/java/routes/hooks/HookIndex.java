package routes.hooks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All hooks, arranged so that one pass finds those that want an event: a trie over the tokens of their subjects, then
 * the keywords of the survivors. Never changes once built; a change of hooks is a new index.
 */
public final class HookIndex {

    private record Entry(int position, EventHook hook, HookMatcher matcher) {
    }

    private static final class Node {
        final Map<String, Node> byToken = new HashMap<>();
        final List<Entry> endingHere = new ArrayList<>();
        final List<Entry> openEnded = new ArrayList<>();
    }

    private final Node root = new Node();

    /** @throws com.google.re2j.PatternSyntaxException for a hook that {@link HookReader} would not have accepted */
    public HookIndex(Collection<EventHook> hooks) {
        int position = 0;
        for (EventHook hook : hooks) {
            add(new Entry(position++, hook, new HookMatcher(hook)));
        }
    }

    private void add(Entry entry) {
        Node node = root;
        for (String token : entry.hook.subject().split("\\.", -1)) {
            if (token.equals(">")) {
                node.openEnded.add(entry);
                return;
            }
            node = node.byToken.computeIfAbsent(token, t -> new Node());
        }
        node.endingHere.add(entry);
    }

    /**
     * The hooks that want this event, in the order in which they were given.
     *
     * @param subject the event's subject, without wildcards
     * @param text    its readable text; asked for once, and only when a hook with keywords listens on the subject
     */
    public List<EventHook> matching(String subject, Supplier<String> text) {
        List<Entry> candidates = new ArrayList<>();
        collect(root, subject.split("\\.", -1), 0, candidates);
        if (candidates.isEmpty()) {
            return List.of();
        }
        candidates.sort(Comparator.comparingInt(Entry::position));
        String read = candidates.stream().anyMatch(entry -> entry.matcher.needsText()) ? text.get() : "";
        return candidates.stream().filter(entry -> entry.matcher.decide(read).fires()).map(Entry::hook).toList();
    }

    private static void collect(Node node, String[] tokens, int depth, List<Entry> found) {
        if (depth == tokens.length) {
            found.addAll(node.endingHere);
            return;
        }
        found.addAll(node.openEnded);
        Node literal = node.byToken.get(tokens[depth]);
        if (literal != null) {
            collect(literal, tokens, depth + 1, found);
        }
        Node any = node.byToken.get("*");
        if (any != null && any != literal) {
            collect(any, tokens, depth + 1, found);
        }
    }
}
