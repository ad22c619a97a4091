package routes.hooks.delivery;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out soon that an endpoint answers again, and lets what waits for it on the retry ladder follow at once. While a
 * hook fails, the oldest delivery that waits for it is attempted every second, less often the longer it fails, at least
 * every 30 s, whatever its level. When the first is taken after a time without any, what was waiting then is handed on,
 * as fast as the hook's lane takes it. A delivery that fails while others are taken ends no such time: it climbs the
 * ladder. All of this is about what this replica holds of the ladder; another does the same with its own.
 */
final class Recovery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final long TICK_MS = 100;
    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);
    /** How often a hook is attempted that has failed for a time: ten times in that time. */
    private static final int ATTEMPTS_IN_A_TIME = 10;
    /** Without a failure for so long, the trouble is over. */
    private static final long OVER = TimeUnit.SECONDS.toNanos(60);
    /** When so long nothing came of what is to be brought forward, it is looked for. */
    private static final long SEARCH = TimeUnit.SECONDS.toNanos(1);

    /** What waits for hooks. */
    interface Ladder {

        /**
         * Hands on the oldest at once.
         *
         * @param upTo the last place in the stream that counts
         * @return how many, at most {@code most}
         */
        int handOn(String hook, long upTo, int most);

        /**
         * Whether there is something that {@link #handOn} could not hand on yet. It is read soon, before what waits for
         * others.
         */
        boolean search(String hook, long upTo) throws IOException;

        /** The place of what was stored last. */
        long last() throws IOException;
    }

    private enum Next {
        ATTEMPT,
        ENDED,
        BRING,
        OVER,
        NOTHING
    }

    /** That of one hook. Its times are readings of the clock. */
    private static final class Trouble {
        private final long began;
        private Lane<?> lane;
        private int failures; // since the last success
        private boolean failing; // they are the endpoint's, not a delivery's own
        private long failed;
        private long attempted;
        private boolean ended;
        private Long brought; // null before the first time
        private boolean bringing;
        // for the one thread
        private long upTo;
        private int most;
        private long found;
        private long searched;

        private Trouble(long now) {
            began = now;
        }

        synchronized void failed(long now, Lane<?> itsLane) {
            if (failures++ == 0) {
                attempted = now;
            }
            lane = itsLane;
            failed = now;
            if (lane.isFailing()) {
                failing = true;
                ended = false;
                bringing = false;
            }
        }

        synchronized void answered() {
            ended |= failing;
            failing = false;
            failures = 0;
        }

        synchronized Next next(long now) {
            long interval = Math.max(SHORTEST, Math.min(LONGEST, (now - began) / ATTEMPTS_IN_A_TIME));
            if (failures > 0 && !ended && !bringing) { // one that fails while others are brought climbs the ladder
                if (now - failed >= OVER + LONGEST) {
                    return Next.OVER; // nothing of it is left
                }
                if (now - attempted < interval || !lane.isIdle()) {
                    return Next.NOTHING;
                }
                attempted = now;
                return Next.ATTEMPT;
            }
            if (ended && (brought == null || now - brought >= interval)) {
                return Next.ENDED;
            }
            if (bringing) {
                most = lane.free();
                return most == 0 ? Next.NOTHING : Next.BRING;
            }
            return !ended && now - failed >= OVER ? Next.OVER : Next.NOTHING;
        }

        synchronized void bring(long now, long last) {
            if (ended) {
                ended = false;
                bringing = true;
                brought = now;
                found = now;
                upTo = last;
            }
        }

        /** @return whether the rest must be searched */
        synchronized boolean brought(long now, int handedOn) {
            if (handedOn > 0) {
                found = now;
            } else if (now - found >= SEARCH && now - searched >= SEARCH) {
                searched = now;
                return true;
            }
            return false;
        }

        synchronized void searched(long now, boolean there) {
            if (!there || now - found >= OVER) {
                bringing = false;
            }
        }
    }

    private final Ladder ladder;
    private final LongSupplier nanoTime;
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>(); // by hook
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "hook-recovery");
        daemon.setDaemon(true);
        return daemon;
    });

    /** @param nanoTime {@code System::nanoTime} */
    Recovery(Ladder ladder, LongSupplier nanoTime) {
        this.ladder = ladder;
        this.nanoTime = nanoTime;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** An attempt failed and will be made again. */
    void failed(String hook, Lane<?> lane) {
        long now = nanoTime.getAsLong();
        troubles.computeIfAbsent(hook, id -> new Trouble(now)).failed(now, lane);
    }

    /** The endpoint took a delivery, or refused it for good. */
    void answered(String hook) {
        Trouble trouble = troubles.get(hook);
        if (trouble != null) {
            trouble.answered();
        }
    }

    void tick() {
        troubles.forEach((hook, trouble) -> {
            try {
                tick(hook, trouble);
            } catch (IOException e) {
                LOG.debug("hook {}: {}; looks again soon", hook, e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("hook {}: what waits for it could not be looked at; looks again soon", hook, e);
            }
        });
    }

    private void tick(String hook, Trouble trouble) throws IOException {
        long now = nanoTime.getAsLong();
        switch (trouble.next(now)) {
            case ATTEMPT -> ladder.handOn(hook, Long.MAX_VALUE, 1);
            case ENDED -> trouble.bring(now, ladder.last());
            case BRING -> {
                if (trouble.brought(now, ladder.handOn(hook, trouble.upTo, trouble.most))) {
                    trouble.searched(now, ladder.search(hook, trouble.upTo));
                }
            }
            case OVER -> troubles.remove(hook, trouble);
            case NOTHING -> {}
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
