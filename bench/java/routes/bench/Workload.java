package routes.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import routes.event.Subject;
import routes.hooks.match.HookMatcher;
import routes.hooks.spec.MatchType;

/**
 * Events for a set of hooks. A given share of them matches, by a piece of text that some hook of the set looks for, on
 * a subject it listens on; the others are ordinary. Asked of the plain matcher, hook by hook, when they are made. The
 * same arguments give the same events.
 */
final class Workload {

    static final double SHARE = 0.01;
    static final int ORDINARY = 4_000;

    private static final int MATCHING = 200;
    private static final int NEAR_MISS_EVERY = 50;
    /** Ordinary events by their least size: the same for all sets of hooks. */
    private static final Map<Integer, List<PreparedEvent>> POOLS = new ConcurrentHashMap<>();

    private final List<WorkloadHook> hooks;
    private final int every;
    private final List<PreparedEvent> matching;
    private final List<PreparedEvent> ordinary;

    private Workload(List<WorkloadHook> hooks, int every, List<PreparedEvent> matching, List<PreparedEvent> ordinary) {
        this.hooks = hooks;
        this.every = every;
        this.matching = matching;
        this.ordinary = ordinary;
    }

    /**
     * Events of which nobody asks which hooks want them.
     *
     * @param share of events that match, 0 for none
     * @param bytes least size of an event
     */
    static Workload unchecked(List<WorkloadHook> hooks, double share, int bytes) {
        Random random = new Random(7_000 + hooks.size());
        List<WorkloadHook> regex = hooks.stream()
                .filter(hook -> hook.hook().keywords().matchType() == MatchType.REGEX)
                .toList();
        List<PreparedEvent> none = new ArrayList<>(POOLS.computeIfAbsent(bytes, Workload::ordinary));
        for (int i = 0; i < ORDINARY; i += NEAR_MISS_EVERY) {
            none.set(i, nearMiss(regex.get(random.nextInt(regex.size())), bytes, random));
        }
        List<PreparedEvent> some = IntStream.range(0, MATCHING)
                .mapToObj(i -> matching(hooks.get(random.nextInt(hooks.size())), bytes, random))
                .toList();
        return new Workload(hooks, share == 0 ? 0 : (int) Math.round(1 / share), some, none);
    }

    /**
     * The same, and the plain matcher was asked which hooks want them.
     *
     * @param sample how many of the ordinary events it is asked for, which takes long for many hooks
     * @throws IllegalStateException when an ordinary event matches, or one that should does not
     */
    static Workload of(List<WorkloadHook> hooks, double share, int bytes, int sample) {
        Workload unchecked = unchecked(hooks, share, bytes);
        OneByOne matcher = new OneByOne(hooks);
        for (int i = 0; i < Math.min(sample, ORDINARY); i++) {
            PreparedEvent event = unchecked.ordinary.get((int) ((long) i * ORDINARY / sample));
            if (!matcher.wanting(event).isEmpty()) {
                throw new IllegalStateException("an ordinary event matches: " + event.text());
            }
        }
        List<PreparedEvent> matching = unchecked.matching.parallelStream()
                .map(event -> event.wantedBy(matcher.wanting(event)))
                .toList();
        matching.stream().filter(event -> event.hooks().isEmpty()).findFirst().ifPresent(event -> {
            throw new IllegalStateException("no hook wants an event made for one: " + event.text());
        });
        return new Workload(hooks, unchecked.every, matching, unchecked.ordinary);
    }

    private static List<PreparedEvent> ordinary(int bytes) {
        return IntStream.range(0, ORDINARY)
                .parallel()
                .mapToObj(i -> {
                    Random random = new Random(i * 0x9E3779B97F4A7C15L); // seeds in a row would begin alike
                    KubernetesObject object = KubernetesObject.any(random);
                    EventPhrase phrase = EventPhrase.about(object, random);
                    return PreparedEvent.of(object, phrase, phrase.messageAbout(object, random), bytes, random);
                })
                .toList();
    }

    /** Names what an expression is about without being what it looks for. */
    private static PreparedEvent nearMiss(WorkloadHook hook, int bytes, Random random) {
        KubernetesObject object = KubernetesObject.on(hook.hook().subject(), random);
        return PreparedEvent.of(
                object, EventPhrase.about(object, random), "Started container " + hook.name(), bytes, random);
    }

    private static PreparedEvent matching(WorkloadHook hook, int bytes, Random random) {
        KubernetesObject object = KubernetesObject.on(hook.hook().subject(), random);
        EventPhrase phrase = EventPhrase.about(object, random);
        String found = hook.examples().get(random.nextInt(hook.examples().size()));
        return PreparedEvent.of(object, phrase, found + "; " + phrase.messageAbout(object, random), bytes, random);
    }

    /** The event that is published under this number. */
    PreparedEvent event(long number) {
        if (every > 0 && number % every == 0) {
            return matching.get((int) (number / every % matching.size()));
        }
        return ordinary.get((int) (number % ordinary.size()));
    }

    List<WorkloadHook> hooks() {
        return hooks;
    }

    /** Share of events that match at least one hook, counted over a round of them. */
    double share() {
        int count = Math.max(1, every) * 100;
        return (double) IntStream.range(0, count)
                        .filter(number -> !event(number).hooks().isEmpty())
                        .count()
                / count;
    }

    double bytes() {
        return IntStream.range(0, ORDINARY)
                .map(number -> event(number).body().length)
                .average()
                .orElseThrow();
    }

    /** The matcher that {@code HookIndex} must agree with: each hook is asked. */
    static final class OneByOne {

        private final Map<String, List<Map.Entry<Integer, HookMatcher>>> bySubject = new HashMap<>();

        OneByOne(List<WorkloadHook> hooks) {
            hooks.forEach(hook -> bySubject
                    .computeIfAbsent(hook.hook().subject(), subject -> new ArrayList<>())
                    .add(Map.entry(hook.number(), new HookMatcher(hook.hook()))));
        }

        /** Numbers of the hooks that want the event. */
        List<Integer> wanting(PreparedEvent event) {
            List<Integer> numbers = new ArrayList<>();
            bySubject.forEach((subject, matchers) -> {
                if (Subject.matches(subject, event.subject())) {
                    matchers.stream()
                            .filter(matcher -> matcher.getValue()
                                    .decide(event.subject(), event.text())
                                    .fires())
                            .forEach(matcher -> numbers.add(matcher.getKey()));
                }
            });
            return numbers.stream().sorted().toList();
        }
    }
}
