package routes.nats;

import java.util.HashMap;
import java.util.Map;
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
