package routes.hooks.match;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import routes.hooks.match.Prefilter.Literal;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;

/**
 * All hooks, arranged so that one pass finds those that want an event: a trie over the tokens of their subjects, one
 * scan of the text for what their keywords need, and only the hooks to which both say yes are asked. Never changes once
 * built; a change of hooks is a new index.
 */
public final class HookIndex {

    private record Entry(int position, EventHook hook, HookMatcher matcher, Prefilter prefilter) {}

    /** The hooks on one pattern that no literal announces, so that each event on it asks them. */
    private static final class Asked {
        private final List<Entry> always = new ArrayList<>();
        private boolean needsText;
    }

    private final List<Entry> entries;
    private final SubjectTrie subjects;
    private final List<Asked> asked = new ArrayList<>(); // by position of the pattern
    private final LiteralScanner scanner;
    /** By number of a literal: the hooks that may fire when it is in the text, by pattern. */
    private final List<Map<Integer, List<Entry>>> announced;

    private final BitSet aside; // positions of hooks that are asked no more

    /** @throws com.google.re2j.PatternSyntaxException for a hook that {@link HookReader} would not have accepted */
    public HookIndex(Collection<EventHook> hooks) {
        entries = new ArrayList<>();
        Map<Literal, Integer> uses = new LinkedHashMap<>();
        for (EventHook hook : hooks) {
            HookMatcher matcher = new HookMatcher(hook);
            entries.add(new Entry(entries.size(), hook, matcher, matcher.prefilter()));
            matcher.literals().forEach(literal -> uses.merge(literal, 1, Integer::sum));
        }
        scanner = new LiteralScanner(uses.keySet());
        announced = new ArrayList<>(Collections.nCopies(uses.size() + 1, Map.of()));
        Map<String, Integer> patterns = new LinkedHashMap<>();
        for (Entry entry : entries) {
            int pattern = patterns.computeIfAbsent(entry.hook.subject(), subject -> {
                asked.add(new Asked());
                return asked.size() - 1;
            });
            asked.get(pattern).needsText |= entry.matcher.needsText();
            entry.prefilter
                    .triggers(uses::get)
                    .ifPresentOrElse(
                            triggers -> triggers.forEach(literal -> announce(scanner.number(literal), pattern, entry)),
                            () -> asked.get(pattern).always.add(entry));
        }
        announced.replaceAll(Map::copyOf);
        subjects = new SubjectTrie(List.copyOf(patterns.keySet()));
        aside = new BitSet();
    }

    private HookIndex(HookIndex other, BitSet aside) {
        entries = other.entries;
        subjects = other.subjects;
        asked.addAll(other.asked);
        scanner = other.scanner;
        announced = other.announced;
        this.aside = aside;
    }

    /** The same, but it asks this hook no more. */
    public HookIndex without(EventHook hook) {
        BitSet fewer = (BitSet) aside.clone();
        entries.stream().filter(entry -> entry.hook.equals(hook)).forEach(entry -> fewer.set(entry.position));
        return new HookIndex(this, fewer);
    }

    private void announce(int literal, int pattern, Entry entry) {
        if (announced.get(literal).isEmpty()) {
            announced.set(literal, new HashMap<>(2));
        }
        announced.get(literal).computeIfAbsent(pattern, p -> new ArrayList<>(1)).add(entry);
    }

    /**
     * The hooks that want this event, in the order in which they were given.
     *
     * @param subject the event's subject, without wildcards
     * @param text its readable text; asked for once, and only when a hook with keywords listens on the subject
     */
    public List<EventHook> matching(String subject, Supplier<String> text) {
        return matching(subject, text, MatchLimits.NONE, (hook, tooSlow) -> {});
    }

    /**
     * @param givenUp gets the hooks of which nobody knows whether they want it, since their expressions took too long
     */
    public List<EventHook> matching(
            String subject,
            Supplier<String> text,
            MatchLimits limits,
            BiConsumer<EventHook, MatchTooSlowException> givenUp) {
        BitSet patterns = subjects.matching(subject);
        BitSet candidates = new BitSet();
        boolean needsText = false;
        for (int pattern = patterns.nextSetBit(0); pattern >= 0; pattern = patterns.nextSetBit(pattern + 1)) {
            asked.get(pattern).always.forEach(entry -> candidates.set(entry.position));
            needsText |= asked.get(pattern).needsText;
        }
        return needsText
                ? firing(candidates, patterns, text.get(), limits, givenUp)
                : candidates.stream()
                        .mapToObj(position -> entries.get(position).hook)
                        .toList();
    }

    /**
     * What each hook says to this event and why: those too that {@link #matching} never asks, and those that are asked
     * no more.
     *
     * @param each gets a hook and who asks it; asking may throw {@link MatchTooSlowException}
     */
    public void explain(
            String subject, String text, MatchLimit limit, BiConsumer<EventHook, Supplier<HookMatcher.Verdict>> each) {
        LiteralScanner.Found found = scanner.scan(text);
        entries.forEach(entry -> each.accept(
                entry.hook, () -> entry.matcher.decide(subject, text, keyword -> keyword.allows(found), limit)));
    }

    private List<EventHook> firing(
            BitSet candidates,
            BitSet patterns,
            String text,
            MatchLimits limits,
            BiConsumer<EventHook, MatchTooSlowException> givenUp) {
        LiteralScanner.Found found = scanner.scan(text);
        found.forEachNumber(number -> {
            announced.get(number).forEach((pattern, waiting) -> {
                if (patterns.get(pattern)) {
                    waiting.forEach(entry -> candidates.set(entry.position));
                }
            });
        });
        candidates.andNot(aside);
        List<EventHook> hooks = List.of();
        for (int position = candidates.nextSetBit(0); position >= 0; position = candidates.nextSetBit(position + 1)) {
            Entry entry = entries.get(position);
            try {
                if (entry.prefilter.allows(found)
                        && entry.matcher
                                .decide(text, keyword -> keyword.allows(found), limit(limits, entry, text))
                                .fires()) {
                    hooks = hooks.isEmpty() ? new ArrayList<>(2) : hooks;
                    hooks.add(entry.hook);
                }
            } catch (MatchTooSlowException e) {
                givenUp.accept(entry.hook, e);
            }
        }
        return hooks;
    }

    private static MatchLimit limit(MatchLimits limits, Entry entry, String text) {
        return entry.matcher.isRegex() ? limits.of(entry.hook, text) : MatchLimit.NONE;
    }
}
