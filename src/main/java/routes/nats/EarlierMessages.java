package routes.nats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Messages that a consumer holds until their time comes, by subject and place in the stream, for who wants one earlier.
 * Thread-safe.
 *
 * @param <M> a message
 */
final class EarlierMessages<M> {

    private final Map<String, TreeMap<Long, M>> bySubject = new HashMap<>();

    synchronized void add(String subject, long sequence, M message) {
        bySubject.computeIfAbsent(subject, key -> new TreeMap<>()).put(sequence, message);
    }

    synchronized void remove(String subject, long sequence) {
        bySubject.computeIfPresent(subject, (key, messages) -> {
            messages.remove(sequence);
            return messages.isEmpty() ? null : messages;
        });
    }

    /** Takes out the newest of other subjects, most of those that have most. */
    synchronized List<M> takeOthers(String subject, int most) {
        List<M> taken = new ArrayList<>();
        while (taken.size() < most) {
            Optional<Map.Entry<String, TreeMap<Long, M>>> largest = bySubject.entrySet().stream()
                    .filter(others -> !others.getKey().equals(subject))
                    .max(Comparator.comparingInt(others -> others.getValue().size()));
            if (largest.isEmpty()) {
                break;
            }
            TreeMap<Long, M> messages = largest.get().getValue();
            for (int half = (messages.size() + 1) / 2; half > 0 && taken.size() < most; half--) {
                taken.add(messages.pollLastEntry().getValue());
            }
            if (messages.isEmpty()) {
                bySubject.remove(largest.get().getKey());
            }
        }
        return taken;
    }

    /**
     * Takes out the oldest of a subject.
     *
     * @param upTo the last place in the stream that counts
     * @return null when there is none
     */
    synchronized M takeOldest(String subject, long upTo) {
        TreeMap<Long, M> messages = bySubject.get(subject);
        if (messages == null || messages.firstKey() > upTo) {
            return null;
        }
        M oldest = messages.firstEntry().getValue();
        remove(subject, messages.firstKey());
        return oldest;
    }
}
