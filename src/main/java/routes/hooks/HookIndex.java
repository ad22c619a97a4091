package routes.hooks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import routes.hooks.Prefilter.Literal;

/**
 * All hooks, arranged so that one pass finds those that want an event: a trie over the tokens of their subjects, one scan of the text for what
 * their keywords need, and only the hooks to which both say yes are asked. Never changes once built; a change of hooks is a new index.
 */
public final class HookIndex {

    private record Entry(int position, EventHook hook, HookMatcher matcher, Prefilter prefilter) {
    }

    /** What hooks listen on, once for all that listen on the same. */
    private static final class Pattern {
        private final int number;
        private final List<Entry> always = new ArrayList<>(); // hooks that no literal announces
        private boolean needsText;

        private Pattern(int number) {
            this.number = number;
        }
    }

    private static final class Node {
        private final Map<String, Node> byToken = new HashMap<>();
        private Node anyToken;
        private Pattern endingHere;
        private Pattern openEnded;

        private Node child(String token) {
            if (token.equals("*")) {
                anyToken = anyToken == null ? new Node() : anyToken;
                return anyToken;
            }
            return byToken.computeIfAbsent(token, t -> new Node());
        }
    }

    /** Hooks on one pattern that may fire when a literal is in the text. */
    private record Announced(int pattern, List<Entry> hooks) {
    }

    private final Node root = new Node();
    private final List<Entry> entries = new ArrayList<>();
    private final LiteralScanner scanner;
    private final List<List<Announced>> announced; // by number of the literal

    /** @throws com.google.re2j.PatternSyntaxException for a hook that {@link HookReader} would not have accepted */
    public HookIndex(Collection<EventHook> hooks) {
        Map<Literal, Integer> uses = new LinkedHashMap<>();
        for (EventHook hook : hooks) {
            HookMatcher matcher = new HookMatcher(hook);
            entries.add(new Entry(entries.size(), hook, matcher, matcher.prefilter()));
            matcher.literals().forEach(literal -> uses.merge(literal, 1, Integer::sum));
        }
        scanner = new LiteralScanner(uses.keySet());
        announced = new ArrayList<>(Collections.nCopies(uses.size() + 1, List.of()));
        Map<String, Pattern> patterns = new HashMap<>();
        for (Entry entry : entries) {
            Pattern pattern = patterns.computeIfAbsent(entry.hook.subject(), subject -> add(subject, new Pattern(patterns.size())));
            pattern.needsText |= entry.matcher.needsText();
            entry.prefilter.triggers(uses::get).ifPresentOrElse(
                    triggers -> triggers.forEach(literal -> announce(scanner.number(literal), pattern, entry)),
                    () -> pattern.always.add(entry));
        }
    }

    private void announce(int literal, Pattern pattern, Entry entry) {
        if (announced.get(literal).isEmpty()) {
            announced.set(literal, new ArrayList<>(1));
        }
        List<Announced> byPattern = announced.get(literal);
        Announced some = byPattern.stream().filter(one -> one.pattern == pattern.number).findAny().orElse(null);
        if (some == null) {
            some = new Announced(pattern.number, new ArrayList<>(1));
            byPattern.add(some);
        }
        some.hooks.add(entry);
    }

    private Pattern add(String subject, Pattern pattern) {
        Node node = root;
        for (String token : subject.split("\\.", -1)) {
            if (token.equals(">")) {
                node.openEnded = pattern;
                return pattern;
            }
            node = node.child(token);
        }
        node.endingHere = pattern;
        return pattern;
    }

    /**
     * The hooks that want this event, in the order in which they were given.
     *
     * @param subject the event's subject, without wildcards
     * @param text    its readable text; asked for once, and only when a hook with keywords listens on the subject
     */
    public List<EventHook> matching(String subject, Supplier<String> text) {
        List<Pattern> patterns = new ArrayList<>();
        collect(root, subject.split("\\.", -1), 0, patterns);
        if (patterns.isEmpty()) {
            return List.of();
        }
        BitSet candidates = new BitSet();
        BitSet numbers = new BitSet();
        boolean needsText = false;
        for (Pattern pattern : patterns) {
            pattern.always.forEach(entry -> candidates.set(entry.position));
            numbers.set(pattern.number);
            needsText |= pattern.needsText;
        }
        return needsText ? firing(candidates, numbers, text.get()) : candidates.stream().mapToObj(position -> entries.get(position).hook).toList();
    }

    private List<EventHook> firing(BitSet candidates, BitSet patterns, String text) {
        LiteralScanner.Found found = scanner.scan(text);
        found.forEachNumber(number -> {
            for (Announced some : announced.get(number)) {
                if (patterns.get(some.pattern)) {
                    some.hooks.forEach(entry -> candidates.set(entry.position));
                }
            }
        });
        List<EventHook> hooks = List.of();
        for (int position = candidates.nextSetBit(0); position >= 0; position = candidates.nextSetBit(position + 1)) {
            Entry entry = entries.get(position);
            if (entry.prefilter.allows(found) && entry.matcher.decide(text, keyword -> keyword.allows(found)).fires()) {
                hooks = hooks.isEmpty() ? new ArrayList<>(2) : hooks;
                hooks.add(entry.hook);
            }
        }
        return hooks;
    }

    private static void collect(Node node, String[] tokens, int depth, List<Pattern> found) {
        if (depth == tokens.length) {
            if (node.endingHere != null) {
                found.add(node.endingHere);
            }
            return;
        }
        if (node.openEnded != null) {
            found.add(node.openEnded);
        }
        Node literal = node.byToken.isEmpty() ? null : node.byToken.get(tokens[depth]);
        if (literal != null) {
            collect(literal, tokens, depth + 1, found);
        }
        if (node.anyToken != null) {
            collect(node.anyToken, tokens, depth + 1, found);
        }
    }
}
