package routes.nats;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Where in a stream an id may be: a hash of 4 bytes for each of a message's two ids, by the message's sequence. To look an id up all of them are compared, a million in about a
 * millisecond; one message in four billion is named for an id that it has not.
 */
final class EventIds {

    private static final int CHUNK = 1 << 14; // messages
    private static final long SEED = new SecureRandom().nextLong(); // nobody can make ids that all have one hash

    private final int most;
    private final TreeMap<Long, int[]> chunks = new TreeMap<>();
    private long from;
    private long through;

    /** @param most about so many messages, the newest, 8 bytes each */
    EventIds(int most) {
        this.most = most;
        startAt(1);
    }

    /** Forgets all; the next message is this one. */
    synchronized void startAt(long sequence) {
        chunks.clear();
        from = sequence;
        through = sequence - 1;
    }

    /** The sequence from which on all messages up to {@link #through} are known. */
    synchronized long from() {
        return from;
    }

    synchronized long through() {
        return through;
    }

    /** Behind all added before. @param other null when it has only one */
    synchronized void add(long sequence, String id, String other) {
        int[] chunk = chunks.computeIfAbsent(sequence / CHUNK, number -> new int[2 * CHUNK]);
        int place = 2 * (int) (sequence % CHUNK);
        chunk[place] = hash(id);
        chunk[place + 1] = other == null ? 0 : hash(other);
        through = sequence;
        if (chunks.size() > 1 && (long) (chunks.size() - 1) * CHUNK > most) {
            forgetBefore((chunks.firstKey() + 1) * CHUNK);
        }
    }

    /** There is nothing more up to this sequence. */
    synchronized void knownThrough(long sequence) {
        through = Math.max(through, sequence);
    }

    synchronized void forgetBefore(long sequence) {
        from = Math.max(from, sequence);
        chunks.headMap(sequence / CHUNK).clear();
    }

    /** Sequences that may have it, the newest first. */
    synchronized List<Long> of(String id) {
        int hash = hash(id);
        List<Long> found = new ArrayList<>();
        chunks.descendingMap().forEach((number, chunk) -> {
            for (int place = chunk.length - 1; place >= 0; place--) {
                if (chunk[place] == hash) {
                    long sequence = number * CHUNK + place / 2;
                    if (sequence >= from && (found.isEmpty() || found.get(found.size() - 1) != sequence)) {
                        found.add(sequence);
                    }
                }
            }
        });
        return found;
    }

    private static int hash(String id) {
        long hash = SEED;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        int folded = (int) (hash ^ hash >>> 32);
        return folded == 0 ? 1 : folded; // 0 is no id
    }
}
