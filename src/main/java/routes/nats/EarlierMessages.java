package routes.nats;

import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Messages that a consumer holds until their time comes, by subject and place in the stream, for who wants one earlier.
 * Thread-safe.
 *
 * @param <M> a message
 */
final class EarlierMessages<M> {

    private final Map<String, NavigableMap<Long, M>> bySubject = new ConcurrentHashMap<>();

    void add(String subject, long sequence, M message) {
        bySubject.compute(subject, (key, known) -> {
            NavigableMap<Long, M> messages = known == null ? new ConcurrentSkipListMap<>() : known;
            messages.put(sequence, message);
            return messages;
        });
    }

    void remove(String subject, long sequence) {
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
    M takeOldest(String subject, long upTo) {
        NavigableMap<Long, M> messages = bySubject.get(subject);
        if (messages == null) {
            return null;
        }
        Map.Entry<Long, M> oldest = messages.firstEntry();
        if (oldest == null || oldest.getKey() > upTo) {
            return null;
        }
        remove(subject, oldest.getKey());
        return oldest.getValue();
    }
}
