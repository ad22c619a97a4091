package routes.nats.history;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a stream holds, by sequence, as far as it was read: each message's subject, and a hash of 4 bytes for each of
 * its two ids. To look an id or a pattern up all of them are compared, a million in some milliseconds; one message in
 * four billion is named for an id that it has not. NATS can't be asked for an id, and asked for a pattern it keeps all
 * publishers of the stream waiting while it counts: 0.3 to 2 s with a million messages, nats-server 2.9.10 and 2.15.1
 * alike.
 */
final class EventIndex {

    private static final int CHUNK = 1 << 14; // messages
    private static final long MOST_AHEAD = 4 * CHUNK;
    private static final long SEED = new SecureRandom().nextLong(); // nobody can make ids that all have one hash

    /** Of messages in a row. A subject is one object however often it is there, so a message costs 12 bytes. */
    private static final class Chunk {
        private final int[] ids = new int[2 * CHUNK];
        private final String[] subjects = new String[CHUNK];
    }

    /**
     * Where messages on a pattern may be.
     *
     * @param from there are no others from here up to where it was asked for
     * @param sequences the newest first; null when nothing is known and all from {@code from} on may be
     */
    record Places(long from, long[] sequences) {}

    private final int most;
    private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
    /** Some of those that came last, by their hash. */
    private final String[] latest = new String[1 << 13];

    private Instant created;
    private long from;
    private long through;

    /** @param most about so many messages, the newest */
    EventIndex(int most) {
        this.most = most;
        startAt(null, 1);
    }

    /**
     * Forgets all.
     *
     * @param streamCreated which stream it is: one that is deleted and made again has other messages
     * @param sequence of the next message
     */
    synchronized void startAt(ZonedDateTime streamCreated, long sequence) {
        chunks.clear();
        created = streamCreated == null ? null : streamCreated.toInstant();
        from = sequence;
        through = sequence - 1;
    }

    synchronized boolean isOf(ZonedDateTime streamCreated) {
        return streamCreated.toInstant().equals(created);
    }

    /** The sequence from which on all messages up to {@link #through} are known. */
    synchronized long from() {
        return from;
    }

    synchronized long through() {
        return through;
    }

    /** Behind all added before. @param other null when it has only one id */
    synchronized void add(long sequence, String subject, String id, String other) {
        put(sequence, subject, id, other);
        knownThrough(sequence);
    }

    /**
     * One that was met elsewhere, in any order. It counts as soon as all before it are known; far ahead of them, or of
     * another stream than this one, it is left to who reads it from the stream. One that is known is so now: a stream
     * that was set back has others there.
     *
     * @param stored when; before the stream was made it was in the one before
     */
    synchronized void met(long sequence, Instant stored, String subject, String id, String other) {
        if (created == null || stored.isBefore(created) || sequence < from || sequence > through + MOST_AHEAD) {
            return;
        }
        put(sequence, subject, id, other);
        if (sequence == through + 1) {
            knownThrough(sequence);
        }
    }

    private void put(long sequence, String subject, String id, String other) {
        Chunk chunk = chunks.computeIfAbsent(sequence / CHUNK, number -> new Chunk());
        int place = (int) (sequence % CHUNK);
        chunk.subjects[place] = once(subject);
        chunk.ids[2 * place] = hash(id);
        chunk.ids[2 * place + 1] = other == null ? 0 : hash(other);
    }

    /** Kept by the JVM as long as it is here; which takes a twentieth of the router's time when each is asked for. */
    private String once(String subject) {
        int slot = subject.hashCode() & latest.length - 1;
        if (!subject.equals(latest[slot])) {
            latest[slot] = subject.intern();
        }
        return latest[slot];
    }

    /** There is nothing more up to this sequence, and behind it comes what was met. */
    synchronized void knownThrough(long sequence) {
        through = Math.max(through, sequence);
        while (isMet(through + 1)) {
            through++;
        }
        long oldest = (through - most) / CHUNK * CHUNK;
        if (oldest > from) {
            forgetBefore(oldest);
        }
    }

    private boolean isMet(long sequence) {
        Chunk chunk = chunks.get(sequence / CHUNK);
        return chunk != null && chunk.subjects[(int) (sequence % CHUNK)] != null;
    }

    synchronized void forgetBefore(long sequence) {
        from = Math.max(from, sequence);
        chunks.headMap(sequence / CHUNK).clear();
    }

    /** Sequences that may have it, the newest first. */
    List<Long> of(String id) {
        int hash = hash(id);
        List<Long> found = new ArrayList<>();
        for (Known part : known(1, Long.MAX_VALUE)) {
            for (long sequence = part.last; sequence >= part.first; sequence--) {
                int place = 2 * (int) (sequence % CHUNK);
                if (part.chunk.ids[place] == hash || part.chunk.ids[place + 1] == hash) {
                    found.add(sequence);
                }
            }
        }
        return found;
    }

    /**
     * The newest messages on a pattern.
     *
     * @param pattern whether a subject is on it; asked for each message
     * @param first none below
     * @param upTo none above, at least {@code first}
     * @param limit at most so many, at least 1
     */
    Places newest(Predicate<String> pattern, long first, long upTo, int limit) {
        long lowest;
        synchronized (this) {
            if (upTo > through || upTo < from) {
                return new Places(Math.max(Math.max(first, upTo - limit + 1), upTo > through ? through + 1 : 1), null);
            }
            lowest = Math.max(first, from);
        }
        long[] found = new long[Math.min(limit, 64)];
        int count = 0;
        for (Known part : known(lowest, upTo)) {
            for (long sequence = part.last; sequence >= part.first; sequence--) {
                String subject = part.chunk.subjects[(int) (sequence % CHUNK)];
                if (subject != null && pattern.test(subject)) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, Math.min(limit, 2 * count));
                    }
                    found[count++] = sequence;
                    if (count == limit) {
                        return new Places(sequence, found);
                    }
                }
            }
        }
        return new Places(lowest, Arrays.copyOf(found, count));
    }

    synchronized boolean knows(long first, long last) {
        return first >= from && last <= through;
    }

    /** How many messages are on a pattern; -1 when not all of them are known. */
    long count(Predicate<String> pattern, long first, long last) {
        if (!knows(first, last)) {
            return -1;
        }
        long count = 0;
        for (Known part : known(first, last)) {
            for (long sequence = part.last; sequence >= part.first; sequence--) {
                String subject = part.chunk.subjects[(int) (sequence % CHUNK)];
                if (subject != null && pattern.test(subject)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Those that are on messages from one to another, each once. */
    Set<String> subjects(long first, long last) {
        Set<String> subjects = new HashSet<>();
        for (Known part : known(first, last)) {
            for (long sequence = part.last; sequence >= part.first; sequence--) {
                String subject = part.chunk.subjects[(int) (sequence % CHUNK)];
                if (subject != null) {
                    subjects.add(subject);
                }
            }
        }
        return subjects;
    }

    /** A chunk's part of what was asked for. */
    private record Known(Chunk chunk, long first, long last) {}

    /** The newest first. What is added meanwhile is behind it. */
    private synchronized List<Known> known(long first, long last) {
        long lowest = Math.max(first, from);
        long highest = Math.min(last, through);
        return chunks.descendingMap().entrySet().stream()
                .map(one -> new Known(
                        one.getValue(),
                        Math.max(lowest, one.getKey() * CHUNK),
                        Math.min(highest, (one.getKey() + 1) * CHUNK - 1)))
                .filter(part -> part.first <= part.last)
                .toList();
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
